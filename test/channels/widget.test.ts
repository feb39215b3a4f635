import fc from 'fast-check'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { widgetChannel } from '../../channels/widget/index.ts'
import type { WidgetPayload } from '../../channels/widget/render.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { plainText } from '../../src/channel/plain-text.ts'
import { channelContract } from '../support/channel-contract.ts'
import { channelEnv } from '../support/channel-env.ts'
import type { ChannelSubject } from '../support/channel-subject.ts'
import { testClock } from '../support/clock.ts'

const identitySecret = 'a secret that only the website and we know'
const settings = { name: 'Northstar', greeting: 'Hello', origins: ['https://*.northstar.example'], identitySecret }
const thread = { key: 'visitor:7', kind: 'chat', audience: 'private' } as const

channelContract(
  'widget',
  { receives: false, webhook: false, visitors: true },
  async (): Promise<ChannelSubject> => ({
    adapter: widgetChannel as ChannelAdapter,
    settings,
    secrets: [identitySecret],
    badSettings: [
      { settings: { origins: ['northstar.example'] }, field: 'origins.0' },
      { settings: { origins: 'https://northstar.example' }, field: 'origins' },
      { settings: { greeting: 7 }, field: 'greeting' },
      { settings: { identitySecret: 'short' }, field: 'identitySecret' },
      { settings: { colour: 'red' }, field: 'colour' },
    ],
    thread,
    standIn: {},
    sendFaults: [],
    close: async () => {},
  }),
)

const clock = testClock()
const seconds = (ms = 0): number => Math.floor((clock().getTime() + ms) / 1000)
const hour = 60 * 60 * 1000

async function door(wish: Partial<typeof settings> = {}) {
  const env = channelEnv({ inboxId: '3', clock })
  const connection = await widgetChannel.connect(widgetChannel.parseSettings({ ...settings, ...wish }), env)
  if (!connection.visitors) throw new Error('no visitor door')
  return connection.visitors
}

function signed(claims: Record<string, unknown>, secret = identitySecret, alg = 'HS256'): Promise<string> {
  const usual = { sub: 'user-1', aud: '3', iat: seconds(), exp: seconds(hour) }
  const all = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined)
  return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))
}

describe('a visitor’s identity', () => {
  test('is what the website signed for this inbox', async () => {
    const token = await signed({ name: 'Li Wei', email: 'li@example.org' })
    expect(await (await door()).verifyIdentity(token)).toEqual({
      sub: 'user-1',
      name: 'Li Wei',
      email: 'li@example.org',
    })
  })

  test.each([
    ['another secret', () => signed({}, 'a secret that some other website uses')],
    ['another algorithm', () => signed({}, identitySecret, 'HS512')],
    ['another inbox', () => signed({ aud: '4' })],
    ['no audience', () => signed({ aud: undefined })],
    ['no subject', () => signed({ sub: undefined })],
    ['an empty subject', () => signed({ sub: ' ' })],
    ['a subject that is no text', () => signed({ sub: 7 })],
    ['a huge subject', () => signed({ sub: 'x'.repeat(300) })],
    ['no expiry', () => signed({ exp: undefined })],
    ['no time of issue', () => signed({ iat: undefined })],
    ['expired', () => signed({ exp: seconds(-2 * 60_000) })],
    ['a life of two days', () => signed({ exp: seconds(48 * hour) })],
    ['a name that is no text', () => signed({ name: { first: 'Li' } })],
    ['alg none', async () => `${btoa('{"alg":"none"}')}.${(await signed({})).split('.')[1]}.`.replaceAll('=', '')],
    ['a signature cut off', async () => (await signed({})).replace(/[^.]+$/, '')],
  ])('is refused with %s', async (_name, token) => {
    const refused = (await door()).verifyIdentity(await token())
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'rejected' } })
  })

  test('cannot be shown where no secret is set', async () => {
    const { identitySecret: _, ...open } = settings
    const connection = await widgetChannel.connect(
      widgetChannel.parseSettings(open),
      channelEnv({ inboxId: '3', clock }),
    )
    await expect(connection.visitors?.verifyIdentity(await signed({}))).rejects.toMatchObject({
      failure: { kind: 'rejected' },
    })
  })

  test('gives one place and one account on all devices, and vouches for the address', async () => {
    const visitors = await door()
    const identity = { sub: 'user-1', email: 'li@example.org' }
    const say = (id: string) =>
      visitors.message({ visitor: { id, identity }, clientId: 'c', text: 'hi', attachments: [], at: clock() })
    expect(say('8').thread).toEqual(say('9').thread)
    expect(say('8').sender).toEqual(say('9').sender)
    expect(say('8').sender).toMatchObject({ verifiedBy: 'signedWebsite', email: { verified: true } })
    expect(say('8').eventId).not.toBe(say('9').eventId)
  })
})

describe('origins', () => {
  test.each([
    ['https://www.northstar.example', true],
    ['https://a.b.northstar.example', true],
    ['http://127.0.0.1:3000', true],
    ['https://northstar.example', false],
    ['http://www.northstar.example', false],
    ['https://www.northstar.example:8443', false],
    ['https://evilnorthstar.example', false],
    ['https://www.northstar.example.evil.test', false],
    ['null', false],
  ])('%s: %s', async (origin, allowed) => {
    expect((await door()).allowsOrigin(origin)).toBe(allowed)
  })

  test('none listed means any website', async () => {
    expect((await door({ origins: [] })).allowsOrigin('https://anything.test')).toBe(true)
  })
})

describe('rendering', () => {
  const render = (text: string, files = 0) => {
    const attachments = Array.from({ length: files }, (_, n) => ({
      id: `${n + 1}`,
      name: 'a',
      type: 'image/png',
      size: 1,
    }))
    return widgetChannel.render({ text, attachments }, widgetChannel.parseSettings({}), thread)
  }

  test('a part carries blocks that a page can show without a parser', () => {
    const [part] = render('**Hello** [there](javascript:alert(1))')
    const { blocks } = part!.payload as WidgetPayload
    expect(plainText(blocks)).toBe(part?.text)
    expect(JSON.stringify(blocks)).toContain('bold')
    expect(JSON.stringify(blocks)).not.toContain('"url":"javascript')
  })

  test('more files than one message holds go on in further ones, none lost', () => {
    const parts = render('Here they are', 23)
    expect(parts.map((part) => part.fileIds.length)).toEqual([10, 10, 3])
    expect(parts[0]?.text).toBe('Here they are')
    expect(render('', 1)).toMatchObject([{ text: '', fileIds: ['1'] }])
  })

  test('offered choices become a numbered list', () => {
    const choices = [
      { id: 'y', label: 'Yes' },
      { id: 'n', label: 'No' },
    ]
    const [part] = widgetChannel.render(
      { text: 'Sure?', attachments: [], choices },
      widgetChannel.parseSettings({}),
      thread,
    )
    expect(part?.text).toBe('Sure?\n\n1. Yes\n2. No')
  })
})

test('whatever a visitor writes can be stored, and what is well-formed stays as it is', async () => {
  const visitors = await door()
  const say = (text: string) =>
    visitors.message({ visitor: { id: '7' }, clientId: 'c', text, attachments: [], at: clock() }).text
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const stored = say(text)
      expect(stored).not.toMatch(/\0/)
      expect(Buffer.from(stored).toString()).toBe(stored)
      if (!text.includes('\0')) expect(stored).toBe(text)
    }),
  )
  expect(say('a\ud800b\0c\udc00')).toBe('a\ufffdb\ufffdc\ufffd')
})
