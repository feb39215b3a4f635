import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import type { InboundSink } from '../../src/channel/contract.ts'
import { channelEnv } from '../support/channel-env.ts'
import { testClock } from '../support/clock.ts'
import { eventually } from '../support/eventually.ts'
import { memorySink } from '../support/memory-sink.ts'
import { dropped, garbage, html, refuse } from '../support/stand-ins/telegram/faults.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'

const hour = 3_600_000
const clock = testClock()
let telegram: TelegramStandIn
const aborts: AbortController[] = []

beforeEach(async () => {
  telegram = await startTelegram({ clock })
})
afterEach(async () => {
  for (const abort of aborts.splice(0)) abort.abort()
  await telegram.close()
})

const settings = (wish = {}) =>
  telegramChannel.parseSettings({ token: telegram.state.token, apiRoot: telegram.url, ...wish })
const connect = (wish = {}) => telegramChannel.connect(settings(wish), channelEnv({ clock }))

async function receiving(sink: InboundSink, since: unknown = null, wish = {}) {
  const connection = await connect(wish)
  const abort = new AbortController()
  aborts.push(abort)
  const ended = connection.receive(since, sink, abort.signal)
  ended.catch(() => {})
  const stop = () => {
    abort.abort()
    return ended
  }
  return { connection, ended, stop }
}
const callsOf = (method: string) => telegram.state.calls.filter((call) => call.method === method)
const polls = () => callsOf('getupdates').map(({ params }) => params)

function warnings() {
  const sink = memorySink()
  const said: (string | null)[] = []
  return { sink: Object.assign(sink, { warn: (message: string | null) => void said.push(message) }), said }
}

describe('polling', () => {
  test('takes a webhook off, and asks for what it wants each time', async () => {
    telegram.state.webhook = { url: 'https://elsewhere.example/hook', secret: 'x' }
    const chat = telegram.privateChat(telegram.person())
    const sink = memorySink()
    await receiving(sink)
    await eventually(() => polls().length > 0)
    telegram.react(telegram.say(chat, telegram.person(), { text: 'hi' }), telegram.person(), ['👍'])
    await eventually(() => expect(sink.events.map(({ kind }) => kind)).toEqual(['message', 'reaction']))
    expect(polls()[0]).toMatchObject({ offset: 0, limit: 100, timeout: 50 })
    expect(polls()[0]?.['allowed_updates']).toContain('message_reaction')
  })

  test('an album split over two polls is committed whole', async () => {
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    const photo = () => telegram.photo(Buffer.from('picture'))
    telegram.album(chat, ada, [{ photo: photo(), caption: 'both' }])
    const sink = memorySink()
    await receiving(sink)
    await eventually(() => polls().length > 0)
    telegram.say(chat, ada, { media_group_id: telegram.state.messages[0]?.['media_group_id'], photo: photo() })
    await eventually(() => expect(sink.events.length).toBe(2))
    expect(sink.batches.filter(({ events }) => events.length > 0).length).toBe(1)
    expect(polls()[1]).toMatchObject({ offset: 0, timeout: 0 })
    expect(new Set(sink.events.map((one) => ('groupKey' in one ? one.groupKey : ''))).size).toBe(1)
  })

  test('a conflict, a gateway error, garbage and a lost answer end a run, and the next goes on where it was', async () => {
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    const sink = memorySink()
    const nonsense = { ...garbage, effect: false }
    const conflict = refuse(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot runs')
    for (const fault of [conflict, html(502, false), nonsense, dropped(false), refuse(429, 'Too Many Requests')]) {
      telegram.fail('getUpdates', [fault])
      const run = await receiving(sink, sink.cursor)
      const error: unknown = await run.ended.catch((e: unknown) => e)
      const kind = fault.name.startsWith('429') ? 'rateLimited' : 'unavailable'
      expect(error, fault.name).toMatchObject({ failure: { kind } })
      expect(inspect(error, { depth: 9 })).not.toContain(telegram.state.token)
      telegram.say(chat, ada, { text: fault.name })
      const before = polls().length
      const again = await receiving(sink, sink.cursor)
      await eventually(() => expect(sink.events.at(-1)).toMatchObject({ text: fault.name }))
      // A poll that is still on its way would take the next fault with it.
      await eventually(() => polls().length === before + 2)
      await again.stop()
    }
    expect(sink.events.length).toBe(5)
    telegram.fail('getUpdates', [refuse(401, 'Unauthorized')])
    await expect((await receiving(sink)).ended).rejects.toMatchObject({ failure: { kind: 'auth' } })
  })

  test('after more than a day it begins at the oldest update there is, and tells the gap', async () => {
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    const { sink, said } = warnings()
    const at = clock().getTime()
    // Ids began anew below the cursor meanwhile.
    telegram.say(chat, ada, { text: 'from the new count' })
    await receiving(sink, { offset: 999_000_000, at: at - 25 * hour, seenAt: at - 25 * hour })
    await eventually(() => expect(sink.events.length).toBe(1))
    expect(said).toEqual([expect.stringMatching(/^Messages between .* may be missing: .* 24 hours only\.$/)])
    expect(polls()[0]).toMatchObject({ offset: 0 })
  })

  test('a bot that was only quiet for a day tells no gap', async () => {
    const { sink, said } = warnings()
    const at = clock().getTime()
    await receiving(sink, { offset: 5, at: at - 30 * hour, seenAt: at - hour })
    await eventually(() => polls().length > 0)
    expect(said).toEqual([null])
  })

  test('a pressed button is answered once, after what it says is stored', async () => {
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    const markup = { inline_keyboard: [[{ text: 'My parcel', callback_data: 'c:parcel' }]] }
    const asked = telegram.say(chat, telegram.state.bot, { text: 'Which?', reply_markup: markup })
    telegram.state.updates = []
    const sink = memorySink()
    sink.hold()
    const { connection } = await receiving(sink)
    const id = telegram.press(asked, ada, 'My parcel')
    await eventually(() => sink.waiting > 0)
    // An answer that had set out already would be there before these.
    const thread = { key: String(chat.id), kind: 'chat', audience: 'private' } as const
    for (let calls = 0; calls < 3; calls += 1) await connection.showTyping?.(thread)
    expect(telegram.state.callbacks.get(id)).toBe('open')
    sink.release()
    await eventually(() => expect(telegram.state.callbacks.get(id)).toBe('answered'))
    expect(sink.events).toMatchObject([{ kind: 'choice', choiceId: 'parcel', label: 'My parcel', of: '1' }])
    expect(callsOf('answercallbackquery').length).toBe(1)
  })

  test('says that privacy mode hides what was asked for, until a day later it does not any more', async () => {
    const { sink, said } = warnings()
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    await receiving(sink, null, { groups: 'all' })
    await eventually(() => expect(said).toEqual([expect.stringContaining('/setprivacy')]))
    Object.assign(telegram.state.bot, { can_read_all_group_messages: true })
    clock.advance(25 * hour)
    telegram.say(chat, ada, { text: 'ends the poll' })
    await eventually(() => expect(said).toEqual([expect.stringContaining('/setprivacy'), null]))
    clock.advance(-25 * hour)
  })

  test('says it no more once it is mended at Telegram', async () => {
    const ada = telegram.person()
    const chat = telegram.privateChat(ada)
    const { sink, said } = warnings()
    await receiving(sink, null, { groups: 'all' })
    await eventually(() => expect(said.length).toBe(1))
    Object.assign(telegram.state.bot, { can_read_all_group_messages: true })
    clock.advance(hour)
    telegram.say(chat, ada, { text: 'something happens' })
    await eventually(() => expect(said).toEqual([expect.stringContaining('/setprivacy'), null]))
  })
})

describe('the webhook', () => {
  test('is registered one call at a time, with a secret and what is wanted', async () => {
    const { ended } = await receiving(memorySink(), null, { receive: 'webhook' })
    await ended
    const [wish] = callsOf('setwebhook').map(({ params }) => params)
    expect(wish).toMatchObject({ url: 'http://127.0.0.1:3000/hooks/1', max_connections: 1 })
    expect(wish?.['secret_token']).toMatch(/^[\w-]{43}$/)
    expect(wish?.['allowed_updates']).toContain('edited_message')
  })

  test('a call without the secret, or with another, is refused before it is read', async () => {
    const env = channelEnv({ clock })
    const connection = await telegramChannel.connect(settings({ receive: 'webhook' }), env)
    const sink = memorySink()
    const chat = { id: 5, type: 'private' }
    const message = { message_id: 1, date: 1_770_000_000, chat, from: { id: 5 }, text: 'who calls?' }
    const body = Buffer.from(JSON.stringify({ update_id: 1, message }))
    const statuses = []
    for (const secret of [undefined, '', 'x'.repeat(43), env.sign('something else'), env.sign('telegram webhook')]) {
      const headers = { 'x-telegram-bot-api-secret-token': secret }
      const answer = await connection.handleWebhook?.({ method: 'POST', query: {}, headers, body }, sink)
      statuses.push(answer?.status)
    }
    expect(statuses).toEqual([403, 403, 403, 403, 200])
    expect(sink.events.length).toBe(1)
  })

  test('an address that Telegram does not take is told with what to do', async () => {
    telegram.fail('setWebhook', [refuse(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook')])
    const { ended } = await receiving(memorySink(), null, { receive: 'webhook' })
    await expect(ended).rejects.toMatchObject({
      failure: { kind: 'unavailable' },
      message: expect.stringMatching(/HTTPS URL must be provided.*Set PUBLIC_URL to an https address/),
    })
  })
})

describe('the door', () => {
  test.each([
    ['a wrong token', refuse(401, 'Unauthorized'), 'auth', /Copy it again from @BotFather/],
    ['a token of no bot', refuse(404, 'Not Found'), 'auth', /Copy it again from @BotFather/],
    ['a page instead of the Bot API', garbage, 'unavailable', /did not answer/],
    ['a gateway error', html(502, false), 'unavailable', /502/],
  ])('%s is told for what it is', async (_name, fault, kind, words) => {
    telegram.fail('getMe', [fault])
    const error: unknown = await connect().catch((e: unknown) => e)
    expect(error).toMatchObject({ failure: { kind }, message: expect.stringMatching(words) })
    expect(inspect(error, { depth: 9 })).not.toContain(telegram.state.token)
  })
})
