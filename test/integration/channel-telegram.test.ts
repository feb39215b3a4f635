import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { checkInboxes } from '../../src/cli/doctor-inboxes.ts'
import { createReport } from '../../src/cli/doctor-report.ts'
import { transaction } from '../../src/store/database.ts'
import { createLinkCode } from '../../src/store/link-code.ts'
import { createToken } from '../../src/store/token.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent } from '../support/factories.ts'
import { type Caller, callerOf, type Loose } from '../support/http-server.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'
import { type Chat, type Person, saidByBot } from '../support/stand-ins/telegram/state.ts'

const secretKey = 'the secret key of the tests, long enough'
const patience = { timeoutMs: 15_000 }
// Telegram tells whole seconds: one that has begun before the inbox was there would be history.
const clock = () => new Date(Date.now() + 1_000)
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let on: TestDatabase
let folder: string
let app: App
let call: Caller
let lines: string[]
let token: string
const platforms: TelegramStandIn[] = []

beforeAll(async () => {
  on = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tributary-telegram-'))
  lines = []
  const agentId = await createAgent(on.db.pool, { name: 'Ana', role: 'admin' })
  token = (await createToken(on.db.pool, { name: 'test', scopes: ['read', 'write', 'admin'], agentId })).secret
  await start()
})
afterEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  for (const platform of platforms.splice(0)) await platform.close()
})
afterAll(async () => {
  await app.close()
  await on.close()
  await rm(folder, { recursive: true, force: true })
})

async function start(): Promise<void> {
  app = await createApp({
    config: readConfig({}, { PORT: '0', DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '' }),
    channels: [telegramChannel as ChannelAdapter],
    target: on.target,
    dataDir: folder,
    secretKey,
    log: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    poolSize: 4,
  })
  call = callerOf(app.url, { authorization: `Bearer ${token}` })
}

interface Desk {
  readonly telegram: TelegramStandIn
  readonly inboxId: string
  readonly ada: Person
  readonly chat: Chat
}

async function desk(wish: Record<string, unknown> = {}): Promise<Desk> {
  const telegram = await startTelegram({ clock })
  platforms.push(telegram)
  const settings = { token: telegram.state.token, apiRoot: telegram.url, ...wish }
  const made = await call('POST /inboxes', { channel: 'telegram', name: 'Bot', settings })
  expect(made.status, made.text).toBe(201)
  const inboxId = String(made.body.id)
  await eventually(
    async () => expect((await call(`GET /inboxes/${inboxId}/health`)).body.state).toBe('connected'),
    patience,
  )
  const ada = telegram.person()
  return { telegram, inboxId, ada, chat: telegram.privateChat(ada) }
}

async function conversations(inboxId: string): Promise<Loose[]> {
  const { body } = await call(`GET /conversations?inbox=${inboxId}`)
  return body.items
}
async function messages(inboxId: string): Promise<Loose[]> {
  const [{ id } = { id: '0' }] = await conversations(inboxId)
  return (await call(`GET /conversations/${id}/messages?limit=100`)).body.items ?? []
}

test('a customer writes, sends a picture, replies and edits; an agent answers with bold text and a file', async () => {
  const { telegram, inboxId, ada, chat } = await desk()
  const first = telegram.say(chat, ada, { text: 'Where is my parcle?' })
  telegram.say(chat, ada, { photo: telegram.photo(png), caption: 'This one' })
  const shown = () => messages(inboxId).then((list) => list.sort((a, b) => a.seq - b.seq))
  await eventually(
    async () => expect((await shown()).map(({ text }) => text)).toEqual(['Where is my parcle?', 'This one']),
    patience,
  )
  telegram.edit(first, { text: 'Where is my parcel?' })
  telegram.react(first, ada, ['👍'])
  const [question] = await shown()

  const form = new FormData()
  form.append('file', new Blob(['label']), 'label.txt')
  const uploaded = await call('POST /files', form)
  const fileId = String(uploaded.body.id ?? uploaded.body.file?.id)
  const [{ id }] = (await conversations(inboxId)) as [Loose]
  const reply = {
    kind: 'reply',
    text: 'It is **on its way**.',
    attachments: [fileId],
    replyTo: question.id,
    clientId: randomUUID(),
  }
  expect((await call(`POST /conversations/${id}/messages`, reply)).status).toBe(201)
  await eventually(() => expect(saidByBot(telegram.state).length).toBe(1), patience)
  const [answer] = saidByBot(telegram.state)
  expect(answer).toMatchObject({
    caption: 'It is on its way.',
    caption_entities: [{ type: 'bold', offset: 6, length: 10 }],
    document: { file_name: 'label.txt', file_size: 5 },
    reply_to_message: { message_id: first.message_id },
  })
  telegram.say(chat, ada, {
    text: 'Great, thank you',
    reply_to_message: { message_id: answer?.message_id, from: telegram.state.bot },
  })
  await eventually(async () => {
    const [asked, picture, sent, thanks] = await shown()
    expect(asked).toMatchObject({
      text: 'Where is my parcel?',
      editedAt: expect.any(String),
      reactions: [{ emoji: '👍' }],
    })
    expect(picture.attachments).toMatchObject([{ type: 'image/png', state: 'stored', size: png.length }])
    expect(sent).toMatchObject({ direction: 'out', deliveries: [{ state: 'sent' }] })
    expect(thanks).toMatchObject({ text: 'Great, thank you', replyTo: sent.id, sender: { name: 'Ada Lovelace' } })
  }, patience)
  expect(lines.join('\n')).not.toContain(telegram.state.token)
})

test('what was written while nobody received is there after the start: once, in order', async () => {
  const { telegram, inboxId, ada, chat } = await desk()
  telegram.say(chat, ada, { text: 'before' })
  await eventually(async () => expect((await messages(inboxId)).length).toBe(1), patience)
  await app.close()
  const missed = Array.from({ length: 90 }, (_, index) => `missed ${index}`)
  for (const text of missed) telegram.say(chat, ada, { text })
  await start()
  await eventually(async () => expect((await messages(inboxId)).length).toBe(91), patience)
  telegram.say(chat, ada, { text: 'after' })
  await eventually(async () => expect((await messages(inboxId)).length).toBe(92), patience)
  const texts = (await messages(inboxId)).sort((a, b) => a.seq - b.seq).map(({ text }) => text)
  expect(texts).toEqual(['before', ...missed, 'after'])
  expect(telegram.state.acknowledged).toBe(92)
})

test('an album is one message, also where its pictures come apart', async () => {
  const { telegram, inboxId, ada, chat } = await desk({ receive: 'webhook' })
  telegram.album(chat, ada, [
    { photo: telegram.photo(png), caption: 'Both sides' },
    { photo: telegram.photo(png) },
    { photo: telegram.photo(png) },
  ])
  await eventually(async () => {
    const list = await messages(inboxId)
    expect(list.map(({ text, attachments }) => [text, attachments.length])).toEqual([['Both sides', 3]])
    expect(list[0].attachments.every(({ state }: { state: string }) => state === 'stored')).toBe(true)
  }, patience)
})

test('the picture of whoever writes is shown from here, and its address holds nothing of the platform', async () => {
  const { telegram, inboxId } = await desk()
  const mei = telegram.person({ id: 8_812_345, first_name: 'Mei' })
  telegram.state.portraits.set(mei.id, telegram.photo(png))
  telegram.say(telegram.privateChat(mei), mei, { text: 'Hello' })
  const picture = await eventually(async () => {
    const [conversation] = await conversations(inboxId)
    return (conversation?.contact.picture as string | null | undefined) ?? null
  }, patience)
  const [conversation] = await conversations(inboxId)
  expect(new URL((await call(`GET /contacts/${conversation?.contact.id}`)).body.picture, app.url).pathname).toBe(
    new URL(picture, app.url).pathname,
  )
  expect(picture).not.toContain(telegram.state.token)
  expect(lines.join('')).not.toContain(telegram.state.token)
  // Without a session: the link says who may see it.
  const answer = await fetch(new URL(picture, app.url))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(png)
  expect((await fetch(new URL(picture.replace(/signature=.../, 'signature=AAA'), app.url))).status).toBe(404)
})

test('by webhook: letters cut in two arrive whole, and a forged call changes nothing', async () => {
  const { telegram, inboxId, ada, chat } = await desk({ receive: 'webhook' })
  telegram.updates.splitBodies = true
  telegram.say(chat, ada, { text: 'Привет, где посылка?' })
  await eventually(
    async () => expect((await messages(inboxId)).map(({ text }) => text)).toEqual(['Привет, где посылка?']),
    patience,
  )
  const forged = { update_id: 1, message: { message_id: 9, date: 1_770_000_000, chat, from: ada, text: 'forged' } }
  for (const secret of ['', 'x'.repeat(43)]) {
    const headers = { 'x-telegram-bot-api-secret-token': secret }
    expect((await call(`POST //hooks/${inboxId}`, forged, headers)).status).toBe(403)
  }
  expect((await messages(inboxId)).length).toBe(1)
  expect(telegram.state.deliveries.map(({ status }) => status)).toEqual([200])
})

test('in a group each asker has a conversation, and the answer stands in the group, quoting', async () => {
  const { telegram, inboxId, ada } = await desk({ groups: 'mentions' })
  const group = telegram.group()
  const li = telegram.person({ first_name: '李雷' })
  const mention = (text: string) => ({
    text: `@northstar_help_bot ${text}`,
    entities: [{ type: 'mention', offset: 0, length: 19 }],
  })
  const asked = telegram.say(group, ada, mention('mine is late'))
  telegram.say(group, li, mention('mine too'))
  telegram.say(group, li, { text: 'nobody asked the bot' })
  await eventually(async () => expect((await conversations(inboxId)).length).toBe(2), patience)
  const mine = (await conversations(inboxId)).find(({ contact }) => contact.name === 'Ada Lovelace')
  expect(mine?.audience).toBe('shared')
  const reply = { kind: 'reply', text: 'We look.', clientId: randomUUID() }
  expect((await call(`POST /conversations/${mine?.id}/messages`, reply)).status).toBe(201)
  await eventually(
    () => expect(saidByBot(telegram.state)).toMatchObject([{ chat: { id: group.id }, text: 'We look.' }]),
    patience,
  )
  expect(saidByBot(telegram.state)[0]?.['reply_to_message']).toMatchObject({ message_id: asked.message_id })
  await eventually(
    async () =>
      expect((await call(`GET /inboxes/${inboxId}/health`)).body.ignored).toEqual([{ reason: 'notForUs', count: 1 }]),
    patience,
  )
})

test('a group that becomes a supergroup takes the conversation of each asker along', async () => {
  const { telegram, inboxId, ada } = await desk({ groups: 'all' })
  const group = telegram.group()
  telegram.say(group, ada, { text: 'in the group' })
  await eventually(async () => expect((await messages(inboxId)).length).toBe(1), patience)
  const supergroup = telegram.migrate(group)
  telegram.say(supergroup, ada, { text: 'in the supergroup' })
  await eventually(async () => expect((await messages(inboxId)).length).toBe(2), patience)
  const [only, ...others] = await conversations(inboxId)
  expect(others).toEqual([])
  const reply = { kind: 'reply', text: 'Here as well.', clientId: randomUUID() }
  expect((await call(`POST /conversations/${only?.id}/messages`, reply)).status).toBe(201)
  await eventually(
    () => expect(saidByBot(telegram.state)).toMatchObject([{ chat: { id: supergroup.id }, text: 'Here as well.' }]),
    patience,
  )
})

test('a colleague answers in the group from an account of their own, which a code in the bot’s chat made theirs', async () => {
  const { telegram, inboxId, ada } = await desk({ groups: 'all' })
  const { id: colleague } = (await call('GET /me')).body.agent
  const max = telegram.person({ first_name: 'Max' })
  const { code } = await transaction(on.db, (tx) => createLinkCode(tx, { agentId: colleague }, `agent:${colleague}`))
  telegram.say(telegram.privateChat(max), max, { text: code })
  const group = telegram.group()
  const asked = telegram.say(group, ada, { text: 'Mine is late' })
  telegram.say(group, max, { text: 'Lunch?' })
  const answer = telegram.say(group, max, { text: 'We lok', reply_to_message: asked })
  telegram.edit(answer, { text: 'We look' })
  const shown = async () =>
    (await messages(inboxId)).map(({ direction, text, sender }) => [direction, text, sender.name])
  await eventually(
    async () =>
      expect(await shown()).toEqual([
        ['in', 'Mine is late', 'Ada Lovelace'],
        ['out', 'We look', 'Ana'],
      ]),
    patience,
  )
  expect(await conversations(inboxId)).toMatchObject([{ status: 'waiting', holder: 'agent', assigneeId: colleague }])
  const ignored = async () => (await call(`GET /inboxes/${inboxId}/health`)).body.ignored
  await eventually(async () => expect(await ignored()).toEqual([{ reason: 'written by staff', count: 2 }]), patience)
})

test('doctor says of wrong, expired and right credentials of Telegram, and of a platform that is away, how to mend it', async () => {
  const { telegram, inboxId } = await desk()
  const diagnosis = async () => {
    const said: string[] = []
    const config = readConfig({}, { DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: secretKey })
    const site = { config, target: on.target, dataDir: folder, db: on.db }
    await checkInboxes(site, [telegramChannel as ChannelAdapter], createReport({ say: (line) => said.push(line) }))
    return said.find((line) => line.includes(`inbox ${inboxId} `))
  }
  expect(await diagnosis()).toMatch(/^ok .*takes the credentials/)
  telegram.state.refusesToken = true
  expect(await diagnosis()).toMatch(/^BAD .*refuses the bot token\. Copy it again from @BotFather/)
  telegram.state.refusesToken = false
  await call(`PATCH /inboxes/${inboxId}`, { settings: { token: '110201543:another-token-of-somebody' } })
  expect(await diagnosis()).toMatch(/^BAD .*refuses the bot token\. Copy it again from @BotFather/)
  await telegram.refuse()
  expect(await diagnosis()).toMatch(/^BAD .*did not answer \(ECONNREFUSED\)/)
})
