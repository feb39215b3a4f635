import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireBuilt } from '../e2e/support/inbox-page.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type MailApp, mailApp } from '../support/mail-app.ts'
import { corpus, corpusReceived } from '../support/mail-corpus.ts'
import { mailboxSettings, sendMail } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { mailsIn } from '../support/mailbox.ts'

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

const patience = { timeoutMs: 60_000, intervalMs: 200 }

interface Health {
  readonly cursor?: { readonly inbox?: { readonly lastUid: number } }
}
interface Conversations {
  readonly items: readonly { readonly subject: string }[]
}

async function api<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${app.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(answer.status, `${method} ${path}`).toBeLessThan(300)
  return (await answer.json()) as T
}

const rowsOf = async () => {
  const { rows } = await database.db.pool.query(
    `select (select count(*)::int from message) as messages, (select count(*)::int from conversation) as conversations,
            (select count(*)::int from inbound_event) as events, (select count(*)::int from delivery) as deliveries,
            (select count(*)::int from file) as files`,
  )
  return rows[0]
}

test('a mailbox of 2,403 old mails, connected as it comes, opens nothing, sends nothing, and says why', async () => {
  const account = servers.account()
  const mails = corpus()
  servers.put(account, mails, corpusReceived)
  const settings = mailboxSettings(servers, account)
  const { id } = await api<{ id: string }>('POST', '/inboxes', { channel: 'email', name: 'Support', settings })
  const health = () => api<Health>('GET', `/inboxes/${id}/health`)
  await eventually(async () => (await health()).cursor?.inbox?.lastUid === mails.length, patience)
  expect(await health()).toMatchObject({
    state: 'connected',
    quarantined: 0,
    ignored: [{ reason: 'before the start of the inbox', count: mails.length }],
  })
  expect((await api<Conversations>('GET', '/conversations')).items).toEqual([])
  expect(await rowsOf()).toEqual({ messages: 0, conversations: 0, events: 0, deliveries: 0, files: 0 })

  // Only what comes from now on counts, and it is the one mail that the relay ever saw.
  await sendMail(servers.smtpPort, { to: `${account}@desk.test`, subject: 'Today', text: 'a question of today' })
  const open = await eventually(async () => {
    const { items } = await api<Conversations>('GET', '/conversations?status=open')
    return items.length > 0 && items
  }, patience)
  expect(open.map(({ subject }) => subject)).toEqual(['Today'])
  expect(await rowsOf()).toMatchObject({ messages: 1, conversations: 1, events: 1, deliveries: 0 })
  expect(servers.relayed()).toBe(1)
  expect(await mailsIn(servers, 'alice')).toEqual([])
}, 180_000)
