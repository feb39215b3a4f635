import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { ChannelAdapter, Command } from '../../src/channel/contract.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { callerOf } from '../support/http-server.ts'
import { loopChannel } from '../support/loop-channel/adapter.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'

const patience = { timeoutMs: 15_000 }
const apiToken = 'api-token-of-the-tests-0123456789abcdef'
let on: TestDatabase
let folder: string
let platform: LoopPlatform
let app: App

beforeAll(async () => {
  on = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tributary-loop-'))
  platform = await startLoopPlatform({ textMax: 2_000 })
  app = await start()
  const settings = platform.settings({ receive: 'polling' })
  const made = await call()('POST /inboxes', { channel: 'loop', name: 'Loop', settings })
  expect(made.status, made.text).toBe(201)
})
afterAll(async () => {
  await app.close()
  await platform.close()
  await on.close()
  await rm(folder, { recursive: true, force: true })
})

const start = () =>
  createApp({
    config: readConfig({}, { PORT: '0', DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '', API_TOKEN: apiToken }),
    channels: [loopChannel as ChannelAdapter],
    target: on.target,
    dataDir: folder,
    secretKey: 'the secret key of the tests, long enough',
    log: pino({ level: 'silent' }),
    poolSize: 4,
  })
const call = () => callerOf(app.url, { authorization: `Bearer ${apiToken}` })

let said = 0
function says(chat: string, text: string, name?: Command['name']): void {
  said += 1
  const about = { chat: { id: chat }, from: { id: `person-${chat}` }, message: `m${said}`, text }
  platform.happen({ type: 'message', ...about, ...(name && { command: { name } }) })
}
const heardIn = (chat: string) => platform.state.held.filter((one) => one.chat === chat).map(({ text }) => text)
const heard = (chat: string, count: number) =>
  eventually(() => {
    expect(heardIn(chat).length).toBe(count)
    return heardIn(chat)
  }, patience)

test('where there are no buttons the choices are a list, and a typed number is one of them', async () => {
  says('listed', '/delete', 'delete')
  const [question] = await heard('listed', 1)
  expect(question).toContain('1. Yes, erase my data\n2. No, keep it')
  says('listed', '1')
  const [, noted] = await heard('listed', 2)
  expect(noted).toMatch(/^Noted\./)
  const { body } = await call()('GET /conversations?status=open')
  expect(body.items).toMatchObject([{ tags: ['erasure'], status: 'open' }])
})

test('whatever was asked while the program stopped and started is answered once', async () => {
  const chats = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const chat of chats) says(chat, '/help', 'help')
  await eventually(() => expect(chats.some((chat) => heardIn(chat).length > 0)).toBe(true), patience)
  await app.close()
  for (const chat of chats) says(chat, '/status', 'status')
  app = await start()
  for (const chat of chats) {
    const told = await heard(chat, 2)
    expect(told.map((text) => text.split(' ')[0]).sort()).toEqual(['Nothing', 'Simply'])
  }
  const { rows } = await on.db.pool.query(
    `select count(*)::int as n from message where sender_type = 'system' group by thread_id order by n`,
  )
  expect(rows.every(({ n }) => n === 2)).toBe(true)
})
