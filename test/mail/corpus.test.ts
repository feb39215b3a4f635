import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { ingestNode } from '../support/ingest-node.ts'
import { corpus, corpusReceived } from '../support/mail-corpus.ts'
import { addMailInbox, healthOf, mailboxSettings, quickMail } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'

const started = performance.now()
const seconds = () => Math.round((performance.now() - started) / 1_000)
const patience = { timeoutMs: 240_000, intervalMs: 250 }

let servers: MailServers
let on: TestDatabase

beforeAll(async () => {
  servers = await startMailServers()
  on = await testDatabase()
})
afterAll(async () => {
  await on?.close()
  await servers?.stop()
})

const one = async (sql: string, ...values: unknown[]) =>
  (await on.db.pool.query(sql, values)).rows[0] as Record<string, number>
const stored = (id: string) =>
  one(
    `select count(*)::int as events, count(*) filter (where state = 'quarantined')::int as quarantined,
        (select count(*)::int from message m join thread t on t.id = m.thread_id where t.inbox_id = $1) as messages,
        (select count(*)::int from conversation c where c.inbox_id = $1 and c.status <> 'resolved') as unresolved
       from inbound_event where inbox_id = $1`,
    id,
  )

test('every one of 2,403 real mails is accounted for, and reading them all again adds nothing', async () => {
  const node = await ingestNode(on.target, { channels: [quickMail] })
  node.ingest.start()
  const account = servers.account()
  const mails = corpus()
  const count = mails.length
  servers.put(account, mails, corpusReceived)
  const id = await addMailInbox(node, { ...mailboxSettings(servers, account), from: '2000-01-01T00:00:00Z' })
  await caughtUp(id, count)
  const first = await stored(id)
  const ignored = ((await healthOf(on.db, id))?.ignored ?? []).reduce((sum, { count: n }) => sum + n, 0)
  // The same mail lies there several times; its copies are the event that is stored already.
  const copies = count - ignored - (first['events'] ?? 0)
  console.log(
    JSON.stringify({
      ...first,
      ignored,
      copies,
      seconds: seconds(),
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
    }),
  )
  expect(copies).toBe(count - new Set(mails.map(essence)).size)
  expect(first['events']).toBe((first['messages'] ?? 0) + (first['quarantined'] ?? 0))
  expect(first).toMatchObject({ quarantined: 0, unresolved: 0 })
  const unreadable = await one(
    `select count(*)::int as n from inbound_event where inbox_id = $1 and event_id like 'unreadable:%'`,
    id,
  )
  expect(unreadable['n']).toBe(0)

  const joins = await one(joined, id)
  console.log(JSON.stringify(joins))
  expect(joins['byReference']).toBeGreaterThan(0)
  expect(joins['unfounded']).toBe(0)
  expect(joins['missed']).toBe(0)

  await servers.killImap()
  servers.renumber(account)
  servers.startImap()
  const before = validityOf((await healthOf(on.db, id))?.cursor)
  await eventually(async () => {
    const { cursor } = (await healthOf(on.db, id)) ?? {}
    return validityOf(cursor) !== before && lastOf(cursor) >= count
  }, patience)
  expect(await stored(id)).toEqual(first)
  expect(servers.relayed()).toBe(0)
  await node.close()
}, 600_000)

// `unfounded`: in a thread that holds nothing it refers to. `missed`: it refers to an earlier mail of a thread in which its
// sender had written before, and yet began a thread of its own.
const joined = `
  with mail as (select m.id, m.thread_id, m.external_id, m.sender_identity_id, m.joined_by, m.letter->'references' as refs
                  from message m join thread t on t.id = m.thread_id where t.inbox_id = $1)
  select count(*) filter (where joined_by = 'reference')::int as "byReference",
         count(*) filter (where joined_by = 'subject')::int as "bySubject",
         count(*) filter (where joined_by = 'reference' and not exists (
           select from mail p where p.thread_id = m.thread_id and p.id < m.id and m.refs ? p.external_id))::int as unfounded,
         count(*) filter (where joined_by is null and exists (
           select from mail p join mail q on q.thread_id = p.thread_id and q.id < m.id
            where m.refs ? p.external_id and p.id < m.id and q.sender_identity_id = m.sender_identity_id))::int as missed
    from mail m`

const caughtUp = (id: string, count: number) =>
  eventually(async () => lastOf((await healthOf(on.db, id))?.cursor) >= count, patience)

interface Cursor {
  readonly inbox?: { readonly uidValidity: string; readonly lastUid: number }
}
const lastOf = (cursor: unknown) => (cursor as Cursor | null)?.inbox?.lastUid ?? 0
const validityOf = (cursor: unknown) => (cursor as Cursor | null)?.inbox?.uidValidity

/** What makes a mail itself: its id and what it says, not how it came. */
function essence(mail: Buffer): string {
  const text = mail.toString('latin1').replaceAll('\r\n', '\n')
  const end = text.indexOf('\n\n')
  const id = /^message-id:\s*(\S+)/im.exec(text.slice(0, end))?.[1] ?? 'none'
  return `${id}\n${text.slice(end)}`
}
