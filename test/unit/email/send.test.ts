import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSender, type MailSender } from '../../../channels/email/sender.ts'
import type { SendRequest } from '../../../src/channel/contract.ts'
import { ChannelError, type ChannelFailure } from '../../../src/channel/errors.ts'
import { channelEnv } from '../../support/channel-env.ts'
import { attached, letter, mailRequest, sendingSettings } from '../../support/email-sending.ts'
import { eventually } from '../../support/eventually.ts'
import { type SmtpFault, type SmtpStandIn, type SmtpStep, startSmtpStandIn } from '../../support/smtp-stand-in.ts'

const env = channelEnv()
let platform: SmtpStandIn
const senders: MailSender[] = []

beforeEach(async () => {
  platform = await startSmtpStandIn()
})
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.close()
  await platform.close()
})

function open(wish: Record<string, unknown> = {}) {
  const settings = sendingSettings(platform.port, wish)
  const tokens = { asked: 0, get: async () => `token ${++tokens.asked}`, forget: () => {} }
  const sender = createSender(settings, env, tokens)
  senders.push(sender)
  return { sender, tokens, request: (content = {}) => mailRequest(content, settings) }
}

async function refusal(sender: MailSender, request: SendRequest, ms = 400): Promise<ChannelError> {
  const thrown: unknown = await sender.send(request, AbortSignal.timeout(ms)).catch((error: unknown) => error)
  if (thrown instanceof ChannelError) return thrown
  throw new Error('no ChannelError', { cause: thrown })
}

test('a letter is handed over as it was written, with what a bounce needs to be recognised', async () => {
  const { sender, request } = open()
  const sent = request({ text: 'Hello\n\n.\n.. dots', attachments: [attached('a.bin', Buffer.alloc(200_000, 7))] })
  const receipt = await sender.send(sent, AbortSignal.timeout(5_000))
  const [held] = platform.held
  expect(held?.raw).toContain(`Message-ID: ${receipt.externalId}`)
  expect(held?.from).toMatch(new RegExp(`^support\\+b-${sent.deliveryId}-[0-9a-f]{16}@desk\\.test$`))
  expect(held?.to).toEqual(['ada@example.test'])
  expect(held?.commands.join('\n')).toMatch(
    new RegExp(`RET=HDRS ENVID=d\\.${sent.deliveryId}\\.[\\w-]{10}\nRCPT TO:<ada@example.test> NOTIFY=FAILURE,DELAY`),
  )
  expect(held?.raw).toMatch(/\r\n\.\r\n\.\. dots/)
})

test('over a slow line a long letter keeps saying that it is being taken, and for how long it may be on its way', async () => {
  const { sender, request } = open()
  const long = request({ attachments: [attached('film.bin', Buffer.alloc(7_000_000, 7))] })
  platform.pace = 6_000
  const start = performance.now()
  const calls: { at: number; forMs: number }[] = []
  const alive = (forMs = 0) => void calls.push({ at: performance.now() - start, forMs })
  await sender.send({ ...long, alive }, AbortSignal.timeout(30_000))
  expect(platform.held).toHaveLength(1)
  expect(calls.length).toBeGreaterThan(120)
  // Not all at once, when the first buffer had swallowed it, but as the server read.
  expect((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThan(300)
  expect(calls[0]?.forMs).toBe(0)
  expect(Math.max(...calls.map(({ forMs }) => forMs))).toBeCloseTo(131_072)
}, 40_000)

test('a server that stops reading a letter, or never answers it, shows no life', async () => {
  const { sender, request } = open()
  const calls: number[] = []
  const alive = () => void calls.push(performance.now())
  platform.pace = 0.001
  const long = request({ attachments: [attached('film.bin', Buffer.alloc(16_000_000, 7))] })
  const ended = sender.send({ ...long, alive }, AbortSignal.timeout(1_500)).catch((error: unknown) => error)
  expect(await ended).toMatchObject({ failure: { kind: 'uncertain' } })
  const [most] = [calls.length]
  expect(most).toBeLessThan(12_500_000 / 65_536)
  expect(platform.held).toEqual([])

  platform.pace = 0
  platform.arm('dot', { do: 'nothing' })
  calls.length = 0
  const start = performance.now()
  const lost = sender.send({ ...request(), alive }, AbortSignal.timeout(600)).catch((error: unknown) => error)
  expect(await lost).toMatchObject({ failure: { kind: 'uncertain' } })
  expect(Math.max(...calls) - start).toBeLessThan(500)
}, 20_000)

const unavailable = { kind: 'unavailable' } as const
const later = { kind: 'unavailable', afterMs: 60_000 } as const
const uncertain = { kind: 'uncertain' } as const
const rejected = (reason: 'threadGone' | 'blocked' | 'tooLarge' | 'other') => ({ kind: 'rejected', reason }) as const

const faults: readonly [SmtpStep, SmtpFault, ChannelFailure][] = [
  ['greeting', { do: 'drop' }, unavailable],
  ['greeting', { do: 'nothing' }, unavailable],
  ['greeting', { say: '554 5.7.1 your address is listed' }, later],
  ['greeting', { say: '421 4.3.2 too busy' }, later],
  ['ehlo', { do: 'drop' }, unavailable],
  ['ehlo', { do: 'nothing' }, unavailable],
  ['auth', { say: '535 5.7.8 wrong' }, { kind: 'auth' }],
  ['auth', { say: '454 4.7.0 try later' }, unavailable],
  ['auth', { say: '421 4.7.0 closing' }, unavailable],
  ['auth', { do: 'drop' }, unavailable],
  ['auth', { do: 'nothing' }, unavailable],
  ['mail', { say: '530 5.7.0 Authentication required' }, { kind: 'auth' }],
  ['mail', { say: '550 5.7.60 not allowed to send as this' }, rejected('blocked')],
  ['mail', { say: '451 4.3.0 later' }, later],
  ['mail', { say: '552 5.3.4 too big' }, rejected('tooLarge')],
  ['mail', { do: 'drop' }, unavailable],
  ['mail', { do: 'nothing' }, unavailable],
  ['rcpt', { say: '550 5.1.1 nobody here' }, rejected('threadGone')],
  ['rcpt', { say: '550 5.7.1 no thanks' }, rejected('blocked')],
  ['rcpt', { say: '552 5.2.2 mailbox full' }, rejected('other')],
  ['rcpt', { say: '550 no' }, rejected('other')],
  ['rcpt', { say: '450 4.2.0 greylisted' }, later],
  ['rcpt', { say: '503 5.5.1 bad sequence' }, later],
  ['rcpt', { do: 'drop' }, unavailable],
  ['data', { do: 'drop' }, unavailable],
  ['data', { do: 'nothing' }, unavailable],
  ['data', { say: '451 4.3.0 later' }, later],
  ['data', { say: '554 5.5.1 no valid recipients' }, rejected('other')],
  ['body', { do: 'drop' }, uncertain],
  ['dot', { do: 'drop' }, uncertain],
  ['dot', { do: 'drop', accept: true }, uncertain],
  ['dot', { do: 'nothing' }, uncertain],
  ['dot', { do: 'nothing', accept: true }, uncertain],
  ['dot', { say: '421 4.3.0 shutting down' }, later],
  ['dot', { say: '451 4.3.0 disk full' }, later],
  ['dot', { say: '552 too big' }, rejected('tooLarge')],
  ['dot', { say: '554 5.7.1 looks like spam' }, rejected('blocked')],
  ['dot', { say: '554 5.6.0 no' }, rejected('other')],
]

describe.each([true, false])('with pipelining %s', (pipelining) => {
  test.each(faults)('at the step "%s" %j means %j, and is tried once', async (step, fault, failure) => {
    const { sender, request } = open()
    platform.pipelining = pipelining
    platform.arm(step, fault)
    const error = await refusal(sender, request())
    expect(error.failure).toEqual(failure)
    expect(platform.sessions()).toBe(1)
    expect(platform.held.length).toBe(fault.accept ? 1 : 0)
    // What was taken must never be said not to have happened.
    if (fault.accept) expect(error.failure.kind).toBe('uncertain')
    expect(inspect(error, { depth: 9 })).not.toContain('secret')
  })
})

test('a server that is not there has been sent nothing', async () => {
  const { sender, request } = open({ smtp: { host: '127.0.0.1', port: 1, security: 'none' } })
  expect((await refusal(sender, request())).failure).toEqual(unavailable)
})

test('a server that cannot encrypt is not talked to in the clear', async () => {
  const { sender, request } = open({
    smtp: { host: '127.0.0.1', port: platform.port, security: 'starttls', user: 'u', password: 'secret' },
  })
  expect((await refusal(sender, request())).failure.kind).toBe('unavailable')
  expect(platform.held).toEqual([])
})

test('what the server announces as its size is believed before anything is sent', async () => {
  platform.size = 10_000
  const { sender, request } = open()
  const error = await refusal(sender, request({ attachments: [attached('a', Buffer.alloc(20_000))] }))
  expect(error.failure).toEqual(rejected('tooLarge'))
  expect(platform.held).toEqual([])
})

test('refused for some of several recipients it is sent, and the receipt says for whom not', async () => {
  const { sender, request } = open()
  platform.arm('rcpt', { say: '550 5.1.1 nobody' }, 'bob@')
  const cc = [{ name: '', address: 'bob@example.test' }]
  const receipt = await sender.send(request({ letter: letter({ cc }) }), AbortSignal.timeout(5_000))
  expect(platform.held.map((mail) => mail.to)).toEqual([['ada@example.test']])
  expect(receipt.refused).toEqual([{ recipient: 'bob@example.test', reason: '550 5.1.1 nobody' }])
})

test('a token that is refused is asked for once more, and then it is the credentials', async () => {
  const smtp = { host: '127.0.0.1', port: platform.port, security: 'none', user: 'support' }
  const oauth2 = { clientId: 'c', refreshToken: 'r', tokenUrl: 'https://token.test/' }
  const { sender, request, tokens } = open({ smtp, oauth2 })
  platform.token = 'token 2'
  await sender.send(request(), AbortSignal.timeout(5_000))
  expect(platform.held.length).toBe(1)
  expect(tokens.asked).toBe(2)
  platform.token = 'never'
  expect((await refusal(sender, request(), 5_000)).failure).toEqual({ kind: 'auth' })
})

test('the check signs in, and tells a wrong password from a server that is away', async () => {
  const { sender } = open()
  await sender.check(AbortSignal.timeout(5_000))
  platform.password = 'another'
  await expect(sender.check(AbortSignal.timeout(5_000))).rejects.toMatchObject({ failure: { kind: 'auth' } })
  platform.arm('greeting', { do: 'nothing' })
  await expect(sender.check(AbortSignal.timeout(200))).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
})

test('a file that cannot be read now sends nothing, and is tried again later', async () => {
  const { sender, request } = open()
  const sent = request({ attachments: [attached('a', Buffer.from('x'))] })
  const files = { open: () => Promise.reject(new Error('the disk is away')) }
  expect((await refusal(sender, { ...sent, files })).failure).toEqual(unavailable)
  expect(platform.sessions()).toBe(0)
})

test('a letter to nobody is refused', async () => {
  const { sender, request } = open()
  expect((await refusal(sender, request({ letter: letter({ to: [] }) }))).failure).toEqual(rejected('other'))
})

test('closing cuts a send that is under way', async () => {
  const { sender, request } = open()
  platform.arm('dot', { do: 'nothing', accept: true })
  const sending = refusal(sender, request(), 60_000)
  await eventually(() => platform.held.length === 1)
  sender.close()
  expect((await sending).failure).toEqual(uncertain)
})
