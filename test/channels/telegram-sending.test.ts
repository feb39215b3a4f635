import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import type { ChannelConnection, OutboundContent, OutboundFile, ThreadRef } from '../../src/channel/contract.ts'
import { channelEnv, type RecordedEnv } from '../support/channel-env.ts'
import { testClock } from '../support/clock.ts'
import { refuse } from '../support/stand-ins/telegram/faults.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'
import { type Chat, saidByBot } from '../support/stand-ins/telegram/state.ts'

const clock = testClock()
const soon = () => AbortSignal.timeout(2_000)
const threadOf = (chat: Chat, topic?: number): ThreadRef => ({
  key: topic === undefined ? String(chat.id) : `${chat.id}/${topic}`,
  kind: 'chat',
  audience: 'private',
  place: String(chat.id),
})

let telegram: TelegramStandIn
let env: RecordedEnv
let connection: ChannelConnection
let chat: Chat
let deliveries = 0

beforeEach(async () => {
  telegram = await startTelegram({ clock })
  chat = telegram.privateChat(telegram.person())
  env = channelEnv({ clock })
  connection = await telegramChannel.connect(settings(), env)
})
afterEach(() => telegram.close())

const settings = () => telegramChannel.parseSettings({ token: telegram.state.token, apiRoot: telegram.url })

async function file(name: string, type: string, bytes = Buffer.from(name)): Promise<OutboundFile> {
  const kept = await env.files.keep({ name, bytes, maxBytes: 1e9 })
  return { ...kept, type }
}

function requests(content: Partial<OutboundContent>, thread = threadOf(chat)) {
  const whole = { text: '', attachments: [], ...content }
  return telegramChannel.render(whole, settings(), thread).map((part) => {
    deliveries += 1
    const ids = { deliveryId: String(deliveries), idempotencyKey: `key-${deliveries}`, attempt: 1 }
    const known = async () => new Set<string>()
    return {
      ...ids,
      thread,
      part,
      files: env.files,
      known,
      ...(whole.replyTo !== undefined && { replyTo: whole.replyTo }),
    }
  })
}

async function send(content: Partial<OutboundContent>, thread?: ThreadRef) {
  const receipts = []
  for (const request of requests(content, thread)) receipts.push(await connection.send(request, soon()))
  return receipts
}
const refusal = (sending: Promise<unknown>) =>
  sending.then(
    () => null,
    ({ failure, message }) => ({ ...failure, message }),
  )

describe('what an agent writes', () => {
  test('keeps its formatting as entities, and never fails on a mark', async () => {
    await send({ text: '**Bold** and *it*, `a<b`, [link](https://example.org) _ * [ ] ( ) ~ > # + - = | { } . !' })
    const [{ text, entities }] = saidByBot(telegram.state) as unknown as [{ text: string; entities: object[] }]
    expect(text).toBe('Bold and it, a<b, link _ * [ ] ( ) ~ > # + - = | { } . !')
    expect(entities).toEqual([
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 9, length: 2 },
      { type: 'code', offset: 13, length: 3 },
      { type: 'text_link', offset: 18, length: 4, url: 'https://example.org' },
    ])
  })

  test('is cut where Telegram’s limit lies, counted in UTF-16, and only the first part quotes', async () => {
    const asked = telegram.say(chat, telegram.person(), { text: 'why?' })
    await send({ text: `${'😀'.repeat(3_000)}\n\n**${'word '.repeat(1_000)}**`, replyTo: String(asked.message_id) })
    const said = saidByBot(telegram.state)
    expect(said.length).toBe(3)
    expect(said.map((one) => one['reply_to_message'] !== undefined)).toEqual([true, false, false])
  })

  test('answers a message that is gone all the same', async () => {
    await send({ text: 'still here', replyTo: '999' })
    expect(saidByBot(telegram.state).length).toBe(1)
  })

  test('goes into the topic it belongs to, and so does typing', async () => {
    const forum = telegram.group({ id: -1001234567890, type: 'supergroup', is_forum: true })
    const [receipt] = await send({ text: 'here' }, threadOf(forum, 12))
    await connection.showTyping?.(threadOf(forum, 12))
    expect(saidByBot(telegram.state)[0]).toMatchObject({ message_thread_id: 12 })
    expect(telegram.state.calls.at(-1)).toMatchObject({ method: 'sendchataction', params: { message_thread_id: 12 } })
    expect(receipt?.externalId).toBe('s1')
  })

  test('offers choices as buttons, and as a list where an id is too long for one', async () => {
    const choices = [{ id: 'parcel', label: 'My parcel' }]
    await send({ text: 'Which?', choices })
    expect(saidByBot(telegram.state)[0]?.['reply_markup']).toEqual({
      inline_keyboard: [[{ text: 'My parcel', callback_data: 'c:parcel' }]],
    })
    await send({ text: 'Which?', choices: [{ id: 'x'.repeat(63), label: 'My parcel' }] })
    expect(saidByBot(telegram.state)[1]?.text).toBe('Which?\n\n1. My parcel')
  })
})

describe('files', () => {
  test('go as what they are: picture with caption and quote, album, document; names made safe', async () => {
    const asked = telegram.say(chat, telegram.person(), { text: 'show me' })
    const photo = await file('a.png', 'image/png')
    await send({ text: 'the **map**', attachments: [photo], replyTo: String(asked.message_id) })
    const attachments = [
      await file('b.png', 'image/png'),
      await file('c.mp4', 'video/mp4'),
      await file('odd"\r\nname.pdf', 'application/pdf'),
    ]
    const receipts = await send({ text: 'more', attachments })
    // The platform's id of each picture: with the first alone the others could never be called back.
    expect(receipts.map(({ externalId, more }) => [externalId, ...(more ?? [])].map(Number))).toEqual([
      saidByBot(telegram.state)
        .slice(1, 3)
        .map((one) => one.message_id),
      saidByBot(telegram.state)
        .slice(3)
        .map((one) => one.message_id),
    ])
    const said = saidByBot(telegram.state) as unknown as Record<
      string,
      { file_name: string }[] & { file_name: string }
    >[]
    expect(said[0]).toMatchObject({
      caption: 'the map',
      caption_entities: [{ type: 'bold', offset: 4, length: 3 }],
      reply_to_message: { message_id: asked.message_id },
      photo: [{ file_name: 'a.png', file_size: 5 }],
    })
    expect(said.slice(1).map((one) => one['caption'])).toEqual(['more', undefined, undefined])
    expect(said[1]?.['media_group_id']).toBe(said[2]?.['media_group_id'])
    expect(said[3]?.['document']?.file_name).toBe('odd___name.pdf')
    expect(telegram.state.calls.map(({ method }) => method).filter((name) => name.startsWith('send'))).toEqual([
      'sendphoto',
      'sendmediagroup',
      'senddocument',
    ])
  })

  test('a long text stands before them, a picture over 10 MB is a document', async () => {
    const large = { ...(await file('large.jpg', 'image/jpeg')), size: 11_000_000 }
    await send({ text: 'word '.repeat(300), attachments: [large] })
    const [first, second] = saidByBot(telegram.state)
    expect(first?.text?.length).toBe(1_499)
    expect(second).toMatchObject({ document: { file_name: 'large.jpg' } })
  })

  test('a file that is not there fails before anything is sent', async () => {
    const gone = { id: 'gone', name: 'gone.txt', type: 'text/plain', size: 1 }
    expect(await refusal(send({ attachments: [gone] }))).toMatchObject({ kind: 'unavailable' })
    expect(telegram.state.calls.map(({ method }) => method)).toEqual(['getme'])
  })

  test('are fetched through us, up to 20 MB, from the Bot API server of the settings, and neither log nor error names the token', async () => {
    const sent = telegram.file('Rechnung März.pdf', Buffer.from('paid'))
    const fetched = await connection.download({ name: 'x', ref: { fileId: sent['file_id'] } }, soon())
    expect(Buffer.concat(await fetched.toArray()).toString()).toBe('paid')
    const large = telegram.file('film.mp4', Buffer.from(''), 30_000_000)
    const tooLarge = connection.download({ name: 'x', ref: { fileId: large['file_id'] } }, soon())
    expect(await refusal(tooLarge)).toMatchObject({ kind: 'rejected', reason: 'tooLarge' })
    const cutOff = channelEnv({ fetch: () => Promise.reject(new Error(`no route to /bot${telegram.state.token}/`)) })
    const other = await telegramChannel.connect(settings(), cutOff)
    const error: unknown = await other.download({ name: 'x', ref: { fileId: sent['file_id'] } }, soon()).catch((e) => e)
    expect(error).toMatchObject({ failure: { kind: 'unavailable' } })
    expect(inspect(error, { depth: 9 })).not.toContain(telegram.state.token)
  })
})

describe('what was sent', () => {
  const change = async (text: string, externalId: string, attachments: OutboundFile[] = []) => {
    const [request] = requests({ text, attachments })
    if (!request) throw new Error('nothing to send')
    return connection.edit?.({ ...request, externalId }, soon())
  }
  const about = (externalId: string) => ({ deliveryId: '1', thread: threadOf(chat), externalId })

  test('is edited, text and caption, and the same edit again is done', async () => {
    const [text] = await send({ text: 'frist' })
    await change('**first**', text?.externalId ?? '')
    await change('**first**', text?.externalId ?? '')
    const photo = await file('a.png', 'image/png')
    const [picture] = await send({ text: 'see', attachments: [photo] })
    await change('look', picture?.externalId ?? '', [photo])
    expect(saidByBot(telegram.state)).toMatchObject([
      { text: 'first', entities: [{ type: 'bold' }] },
      { caption: 'look' },
    ])
  })

  test('is removed, once and again; after 48 hours Telegram refuses', async () => {
    const [one, other] = [...(await send({ text: 'one' })), ...(await send({ text: 'other' }))]
    await connection.remove?.(about(one?.externalId ?? ''), soon())
    await connection.remove?.(about(one?.externalId ?? ''), soon())
    expect(saidByBot(telegram.state).map(({ text }) => text)).toEqual(['other'])
    clock.advance(49 * 3_600_000)
    const late = connection.remove?.(about(other?.externalId ?? ''), soon()) ?? Promise.resolve()
    expect(await refusal(late)).toMatchObject({ kind: 'rejected', reason: 'windowClosed' })
  })

  test('reactions go out as Telegram knows them, others are refused', async () => {
    const said = telegram.say(chat, telegram.person(), { text: 'thanks' })
    const react = (...reactions: string[]) =>
      connection.react?.({ ...about(String(said.message_id)), reactions }, soon()) ?? Promise.resolve()
    await react('❤️')
    expect(telegram.state.reactions.get(said)).toEqual([{ type: 'emoji', emoji: '❤' }])
    await react()
    expect(telegram.state.reactions.get(said)).toEqual([])
    expect(await refusal(react('🦖'))).toMatchObject({ kind: 'rejected', reason: 'unsupported' })
  })
})

describe('what Telegram refuses', () => {
  const rows: readonly [number, string, string][] = [
    [403, 'Forbidden: bot was blocked by the user', 'blocked'],
    [403, 'Forbidden: user is deactivated', 'blocked'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'blocked'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'threadGone'],
    [400, 'Bad Request: chat not found', 'threadGone'],
    [400, 'Bad Request: message thread not found', 'threadGone'],
    [400, 'Bad Request: message is too long', 'tooLarge'],
    [400, 'Bad Request: message caption is too long', 'tooLarge'],
    [400, 'Bad Request: file is too big', 'tooLarge'],
    [413, 'Request Entity Too Large', 'tooLarge'],
    [400, "Bad Request: can't parse entities", 'other'],
  ]
  test.each(rows)('%i %s is rejected as %s', async (code, description, reason) => {
    telegram.fail('sendMessage', [refuse(code, description)])
    expect(await refusal(send({ text: 'hello' }))).toMatchObject({ kind: 'rejected', reason })
  })

  test('a person who blocked the bot cannot be written to until they unblock it', async () => {
    telegram.block(chat)
    expect(await refusal(send({ text: 'hello' }))).toMatchObject({ reason: 'blocked', message: /has blocked the bot/ })
    telegram.unblock(chat)
    await send({ text: 'hello again' })
  })

  test('429 holds its chat for as long as it says, and the bot when a second chat is refused meanwhile', async () => {
    const other = telegram.privateChat(telegram.person())
    const slow = refuse(429, 'Too Many Requests: retry after 7', { retry_after: 7 })
    telegram.fail('sendMessage', [slow, slow, slow])
    const limited = { kind: 'rateLimited', retryAfterMs: 7_000 }
    expect(await refusal(send({ text: 'a' }))).toMatchObject({ ...limited, scope: 'thread' })
    expect(await refusal(send({ text: 'b' }, threadOf(other)))).toMatchObject({ ...limited, scope: 'inbox' })
    clock.advance(8_000)
    expect(await refusal(send({ text: 'b' }, threadOf(other)))).toMatchObject({ ...limited, scope: 'thread' })
  })

  test('a group that became a supergroup is found there by the next attempt', async () => {
    const group = telegram.group()
    const supergroup = telegram.migrate(group)
    expect(await refusal(send({ text: 'hello' }, threadOf(group)))).toMatchObject({ kind: 'unavailable' })
    const [receipt] = await send({ text: 'hello', replyTo: '5' }, threadOf(group))
    expect(saidByBot(telegram.state)[0]?.chat.id).toBe(supergroup.id)
    expect(receipt?.externalId).toBe('s1')
    // Ids of the group mean nothing there.
    expect(telegram.state.calls.at(-1)?.params).not.toHaveProperty('reply_parameters')
  })

  test('a platform that cannot be reached took nothing', async () => {
    await telegram.refuse()
    expect(await refusal(send({ text: 'anyone?' }))).toMatchObject({ kind: 'unavailable' })
    await telegram.resume()
    await send({ text: 'there you are' })
  })
})
