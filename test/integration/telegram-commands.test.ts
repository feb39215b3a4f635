import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { telegramChannel } from '../../channels/telegram/index.ts'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { createToken } from '../../src/store/token.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent } from '../support/factories.ts'
import { type Caller, callerOf, type Loose } from '../support/http-server.ts'
import { refuse } from '../support/stand-ins/telegram/faults.ts'
import { startTelegram, type TelegramStandIn } from '../support/stand-ins/telegram/server.ts'
import { type Chat, type Person, saidByBot } from '../support/stand-ins/telegram/state.ts'

const patience = { timeoutMs: 15_000 }
// Telegram tells whole seconds: one that has begun before the inbox was there would be history.
const clock = () => new Date(Date.now() + 1_000)
const privacyUrl = 'https://northstar.example/privacy'

let on: TestDatabase
let folder: string
let app: App
let call: Caller
let telegram: TelegramStandIn
let inboxId: string
let ada: Person
// The same number is the same person, in every inbox.
let people = 7_000_000
let chat: Chat

beforeAll(async () => {
  on = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tributary-telegram-'))
  const agentId = await createAgent(on.db.pool, { name: 'Ana', role: 'admin' })
  const token = (await createToken(on.db.pool, { name: 'test', scopes: ['read', 'write', 'admin'], agentId })).secret
  app = await createApp({
    config: readConfig({}, { PORT: '0', DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '' }),
    channels: [telegramChannel as ChannelAdapter],
    target: on.target,
    dataDir: folder,
    secretKey: 'the secret key of the tests, long enough',
    log: pino({ level: 'silent' }),
    poolSize: 4,
  })
  call = callerOf(app.url, { authorization: `Bearer ${token}` })
})
beforeEach(async () => {
  telegram = await startTelegram({ clock })
  const settings = { token: telegram.state.token, apiRoot: telegram.url, groups: 'all' }
  const made = await call('POST /inboxes', { channel: 'telegram', name: 'Bot', settings })
  inboxId = String(made.body.id)
  await eventually(async () => expect((await health()).state).toBe('connected'), patience)
  ada = telegram.person({ id: ++people })
  chat = telegram.privateChat(ada)
})
afterEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  await telegram.close()
})
afterAll(async () => {
  await app.close()
  await on.close()
  await rm(folder, { recursive: true, force: true })
})

const health = async () => (await call(`GET /inboxes/${inboxId}/health`)).body
const conversations = async (): Promise<Loose[]> =>
  (await call(`GET /conversations?inbox=${inboxId}&status=open,waiting,resolved`)).body.items
const command = (text: string, from = ada, where = chat) =>
  telegram.say(where, from, {
    text,
    entities: [{ type: 'bot_command', offset: 0, length: text.split(' ')[0]?.length }],
  })
const answers = (count: number) =>
  eventually(() => {
    expect(saidByBot(telegram.state).length).toBe(count)
    return saidByBot(telegram.state)
  }, patience)

test('the menu of commands is set in five languages, and an inbox works on where that fails', async () => {
  const menus = () =>
    telegram.state.calls.filter(({ method }) => method === 'setmycommands').map(({ params }) => params)
  await eventually(() => expect(menus().length).toBe(5), patience)
  expect(menus().map((params) => params['language_code'] ?? '')).toEqual(['', 'zh', 'ja', 'ko', 'ru'])
  const [menu] = menus() as [Loose]
  expect(menu.commands.map((one: Loose) => one.command)).toEqual(['help', 'status', 'human', 'privacy', 'delete'])
  expect(menus()[1]).toMatchObject({
    commands: expect.arrayContaining([{ command: 'human', description: '转人工客服' }]),
  })
  telegram.fail('setMyCommands', [refuse(500, 'Internal Server Error')])
  await call(`PATCH /inboxes/${inboxId}`, { settings: { groups: 'mentions' } })
  await eventually(() => expect(menus().length).toBe(10), patience)
  command('/help')
  await answers(1)
  expect(await health()).toMatchObject({ state: 'connected' })
})

test('who comes by a link is greeted in their language, told where to read about data, and nobody is woken', async () => {
  await call(`PATCH /inboxes/${inboxId}`, { settings: { privacyUrl } })
  await eventually(async () => expect((await health()).state).toBe('connected'), patience)
  const mei = telegram.person({ id: ++people, first_name: 'Mei', language_code: 'zh-hans' })
  const hers = telegram.privateChat(mei)
  command('/start autumn-sale', mei, hers)
  const [greeting] = await answers(1)
  expect(greeting).toMatchObject({ chat: { id: hers.id } })
  expect(greeting?.['text']).toMatch(/^您好！[\s\S]*https:\/\/northstar\.example\/privacy$/)
  const [{ id, status, unread }] = (await conversations()) as [Loose]
  expect({ status, unread }).toEqual({ status: 'resolved', unread: false })
  const { body } = await call(`GET /conversations/${id}/activities`)
  expect(body.items).toEqual(
    expect.arrayContaining([expect.objectContaining({ kind: 'cameFrom', data: { link: 'autumn-sale' } })]),
  )
  telegram.say(hers, mei, { text: '我的充值在哪里？' })
  await eventually(async () => expect(await conversations()).toMatchObject([{ id, status: 'open' }]), patience)
})

test('a person is asked before their data are to be erased, by buttons under the question', async () => {
  command('/delete')
  const [question] = await answers(1)
  telegram.press(question!, ada, 'Yes, erase my data')
  const [, noted] = await answers(2)
  expect(noted?.['text']).toMatch(/^Noted\./)
  expect(await conversations()).toMatchObject([{ status: 'open', tags: ['erasure'] }])
})

test('attack: what somebody asks in a group, or presses there, shows and does nothing of theirs or others', async () => {
  telegram.say(chat, ada, { text: 'My secret question' })
  const [{ number }] = (await eventually(async () => {
    const all = await conversations()
    expect(all.length).toBe(1)
    return all
  }, patience)) as [Loose]
  const group = telegram.group()
  const eve = telegram.person({ id: ++people, first_name: 'Eve' })
  for (const name of ['/status', '/delete', '/human', '/start', '/help']) {
    command(name, ada, group)
    command(name, eve, group)
  }
  command('/status', eve, telegram.privateChat(eve))
  const [told] = await answers(1)
  expect(told?.['text']).toBe('Nothing open at the moment. Write here whenever you need us.')
  command('/delete')
  const question = (await answers(2))[1]!
  // A client may send any button's data, as somebody else, under any message.
  telegram.updates.happen('callback_query', {
    id: '77',
    from: eve,
    message: question,
    chat_instance: '1',
    data: 'c:erase.yes',
  })
  command('/status')
  const own = (await answers(3))[2]
  expect(own?.['text']).toContain(`#${number}`)
  const marked = (await conversations()).filter(({ tags }) => tags.length > 0)
  expect(marked).toEqual([])
})
