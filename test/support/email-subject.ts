import { messageIdFor } from '../../channels/email/address.ts'
import { emailChannel } from '../../channels/email/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { freePort } from './app-process.ts'
import { channelEnv } from './channel-env.ts'
import type { ChannelSubject, SendFault, StandIn } from './channel-subject.ts'
import { mailThread } from './email-sending.ts'
import { type MailRelay, mailRelay } from './mail-relay.ts'
import { type SmtpFault, type SmtpStandIn, type SmtpStep, startSmtpStandIn } from './smtp-stand-in.ts'

const ours = 'support@desk.test'
const customer = 'ada@example.test'

const faults: readonly [name: string, SmtpStep, SmtpFault, SendFault['means']][] = [
  ['a greeting that never comes', 'greeting', { do: 'nothing' }, 'unavailable'],
  ['a connection dropped before the letter', 'data', { do: 'drop' }, 'unavailable'],
  ['greylisting', 'rcpt', { say: '451 4.7.1 come back later' }, 'unavailable'],
  ['an unknown recipient', 'rcpt', { say: '550 5.1.1 nobody of that name' }, 'rejected'],
  ['a policy', 'dot', { say: '554 5.7.1 refused' }, 'rejected'],
  ['a full disk', 'dot', { say: '452 4.3.1 disk full' }, 'unavailable'],
  ['a sign-in that is refused', 'auth', { say: '535 5.7.8 no' }, 'auth'],
  ['no answer, and not taken', 'dot', { do: 'nothing' }, 'uncertain'],
  ['no answer, but taken', 'dot', { do: 'nothing', accept: true }, 'uncertain'],
  ['a connection dropped after the letter', 'dot', { do: 'drop', accept: true }, 'uncertain'],
]

/** The email channel that receives directly, between two servers written for tests. */
export async function openEmail(): Promise<ChannelSubject> {
  const [platform, port] = await Promise.all([startSmtpStandIn(), freePort()])
  const relay = mailRelay(port)
  const settings = {
    address: ours,
    name: 'Northstar',
    receive: 'smtp',
    listen: { host: '127.0.0.1', port },
    smtp: { host: '127.0.0.1', port: platform.port, security: 'none', user: 'support', password: platform.password },
  }
  return {
    adapter: emailChannel as ChannelAdapter,
    settings,
    secrets: [platform.password],
    badSettings: [
      { settings: null, field: '' },
      { settings: { ...settings, address: 'support' }, field: 'address' },
      { settings: { ...settings, listen: undefined }, field: 'listen' },
      { settings: { ...settings, smtp: { ...settings.smtp, port: 70_000 } }, field: 'smtp.port' },
      { settings: { ...settings, smtp: { ...settings.smtp, password: undefined } }, field: 'smtp.password' },
      { settings: { ...settings, surprise: true }, field: 'surprise' },
    ],
    thread: { ...mailThread, place: ours },
    standIn: standInOf(platform, relay),
    sendFaults: faults.map(([name, step, fault, means]) => ({
      name,
      means,
      effect: fault.accept === true,
      arm: () => platform.arm(step, fault),
    })),
    close: async () => {
      relay.close()
      await platform.close()
    },
  }
}

function standInOf(platform: SmtpStandIn, relay: MailRelay): StandIn {
  const rest = [...nonsense]
  let spoken = 0
  const say = (from: string, text: string, messageId = `<${++spoken}.${Date.now()}@example.test>`) =>
    relay.queue({ from, to: ours, raw: plainMail({ from, text, messageId }) })
  return {
    say: (text) => say(customer, text),
    deliversOnce: true,
    acknowledged: () => relay.taken,
    sayNonsense: () => {
      const raw = rest.shift()
      if (raw !== undefined) relay.queue({ from: customer, to: ours, raw })
      return raw !== undefined
    },
    // A copy of a letter of ours comes back to us; the id says which.
    speakAsUs: (text) => say(ours, text, messageIdFor(channelEnv(), '77', 'desk.test')),
    held: () => platform.held.map(({ raw }) => plainPart(raw)),
    refuseCredentials: () => {
      platform.password = 'another one'
    },
    dropIdle: () => relay.dropIdle(),
  }
}

function plainMail({ from, text, messageId }: Record<'from' | 'text' | 'messageId', string>): string {
  const headers = [`From: <${from}>`, `To: <${ours}>`, 'Subject: A question', `Message-ID: ${messageId}`]
  return [...headers, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', text, ''].join('\r\n')
}

/** What a reader sees of a letter of ours: letters of the suite are plain enough not to be encoded. */
function plainPart(raw: string): string {
  return /content-type: text\/plain[\s\S]*?\r\n\r\n([\s\S]*?)\r\n(?:--|$)/i.exec(raw)?.[1]?.trim() ?? raw
}

const nonsense: readonly (string | Buffer)[] = [
  '\r\n',
  'no header at all\r\n',
  'From: \r\nTo: \r\nMessage-ID: \r\nDate: yesterday\r\n\r\n',
  `From: ${'<'.repeat(2_000)}\r\n\r\nx\r\n`,
  `Subject: ${'=?utf-8?B?'.repeat(500)}\r\n\r\nx\r\n`,
  'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n----\r\n',
  'Content-Type: multipart/mixed; boundary=a\r\nContent-Type: text/html\r\n\r\n--a\r\n\r\n',
  'Content-Type: text/plain; charset=no-such-set\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n',
  'Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nFinal-Recipient: ;;;\r\n',
  Buffer.from('From: ada@example.test\r\nSubject: \xff\xfe\0\r\n\r\n\0\0\xff half \ud800\r\n', 'latin1'),
]
