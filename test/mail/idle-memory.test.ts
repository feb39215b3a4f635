import { afterAll, beforeAll, expect, test } from 'vitest'
import { residentMiB } from '../bench/cpu.ts'
import { mailTo } from '../bench/mails.ts'
import { requireBuilt } from '../e2e/support/inbox-page.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type MailApp, mailApp } from '../support/mail-app.ts'
import { mailboxSettings } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'

let servers: MailServers
let database: TestDatabase
let app: MailApp

beforeAll(async () => {
  requireBuilt()
  servers = await startMailServers()
  database = await testDatabase()
  app = await mailApp(database)
  await app.start()
})
afterAll(async () => {
  await app?.close()
  await database?.close()
  await servers?.stop()
})

const mails = 100
/** G10 with a mailbox connected, MiB. */
const bar = 150

const count = async (sql: string) => Number((await database.db.pool.query(sql)).rows[0]?.count ?? 0)

test('a server with a mailbox needs no more than 150 MiB once a hundred mails have been read', async () => {
  const account = servers.account()
  const answer = await fetch(`${app.url}/api/v1/inboxes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'email', name: 'Support', settings: mailboxSettings(servers, account) }),
  })
  expect(answer.status).toBe(201)
  const connected = `select count(*) from inbox where health = 'connected'`
  await eventually(async () => (await count(connected)) === 1, { timeoutMs: 30_000 })
  const connectedMiB = residentMiB(app.pid())
  servers.put(
    account,
    Array.from({ length: mails }, () => mailTo(`${account}@desk.test`).raw),
  )
  await eventually(async () => (await count('select count(*) from message')) === mails, { timeoutMs: 60_000 })
  const busyMiB = residentMiB(app.pid())
  // The thread that reads mail goes when it had nothing to do for half a minute, and its memory with it.
  await eventually(() => expect(residentMiB(app.pid())).toBeLessThan(Math.min(bar, busyMiB - 10)), {
    timeoutMs: 90_000,
    intervalMs: 500,
  })
  console.log(JSON.stringify({ connectedMiB, busyMiB, idleMiB: residentMiB(app.pid()) }))
}, 200_000)
