import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMailReader, type MailReader, MailUnreadable } from '../../channels/email/reading/read-mail.ts'
import { damaged, originalMails } from '../support/damaged-mails.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { ingestNode } from '../support/ingest-node.ts'
import { type LoopWatch, longestGap, ownGap, watchLoop } from '../support/loop-gap.ts'
import { addMailInbox, healthOf, mailboxSettings, quickMail, sendMail, storedMails } from '../support/mail-ground.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'

/** Mails whose bits were turned on the way, with recorded seeds: a number here makes the same damage everywhere. */
const seeds = [1, 2, 3, 4]

let servers: MailServers
let on: TestDatabase
let reader: MailReader
let loop: LoopWatch
const originals = originalMails()

beforeAll(async () => {
  servers = await startMailServers()
  on = await testDatabase()
  reader = createMailReader()
  loop = await watchLoop()
})
afterAll(async () => {
  loop?.close()
  await reader?.close()
  await on?.close()
  await servers?.stop()
})

/** ms of the processor. */
async function cost(raw: Buffer): Promise<{ ms: number; refused: boolean }> {
  const before = process.cpuUsage()
  const refused = await reader.read(raw, {}).then(
    () => false,
    (error: unknown) => {
      expect(error).toBeInstanceOf(MailUnreadable)
      return true
    },
  )
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1_000, refused }
}

test('a damaged mail is read or refused within a second, keeps nobody waiting, and the next is read as ever', async () => {
  const figures = { mails: 0, refused: 0, slowestMs: 0, longestGapMs: 0 }
  for (const { name, raw } of originals) {
    const mails = seeds.map((seed) => damaged(raw, seed))
    const sound = await reader.read(raw, {}).catch(() => null)
    const readAll = async () => {
      for (const mail of mails) {
        const { ms, refused } = await cost(mail)
        figures.mails += 1
        figures.refused += refused ? 1 : 0
        figures.slowestMs = Math.max(figures.slowestMs, ms)
      }
    }
    const gaps = [ownGap(await loop.during(readAll))]
    // Other programs stop this thread too, but not each time.
    while (gaps.length < 6 && Math.min(...gaps) > longestGap) gaps.push(ownGap(await loop.during(readAll)))
    figures.longestGapMs = Math.max(figures.longestGapMs, Math.min(...gaps))
    const again = await reader.read(raw, {}).catch(() => null)
    expect.soft(isDeepStrictEqual(again, sound), name).toBe(true)
  }
  console.log(JSON.stringify(figures))
  expect(figures.mails).toBeGreaterThanOrEqual(originals.length * seeds.length)
  expect(figures.slowestMs).toBeLessThan(1_500)
  expect(figures.longestGapMs).toBeLessThanOrEqual(longestGap)
}, 240_000)

test('damaged mails in a mailbox are stored or ignored with a reason, all of them, and the next one comes', async () => {
  const node = await ingestNode(on.target, { channels: [quickMail] })
  node.ingest.start()
  const account = servers.account()
  // With a line of its own each, or what is damaged in nothing that counts would be the same mail.
  const mails = originals
    .flatMap(({ raw }) => [7, 8].map((seed) => damaged(raw, seed)))
    .map((raw, n) => Buffer.concat([raw, Buffer.from(`\r\n${n}\r\n`)]))
  servers.put(account, mails)
  const id = await addMailInbox(node, { ...mailboxSettings(servers, account), from: '2000-01-01T00:00:00Z' })
  const through = (count: number) => async () => {
    const { inbox } = ((await healthOf(on.db, id))?.cursor ?? {}) as { inbox?: { lastUid: number } }
    return (inbox?.lastUid ?? 0) >= count
  }
  const patience = { timeoutMs: 120_000, intervalMs: 250 }
  await eventually(through(mails.length), patience)
  await sendMail(servers.smtpPort, { to: `${account}@desk.test`, text: 'the next one' })
  await eventually(through(mails.length + 1), patience)
  expect((await storedMails(on.db, id)).at(-1)?.text.trim()).toBe('the next one')
  const { rows } = await on.db.pool.query(
    `select count(*)::int as events, count(*) filter (where state = 'quarantined')::int as quarantined,
            count(*) filter (where event_id like 'unreadable:%')::int as unreadable
       from inbound_event where inbox_id = $1`,
    [id],
  )
  const { ignored = [] } = (await healthOf(on.db, id)) ?? {}
  console.log(JSON.stringify({ mails: mails.length, ...rows[0], ignored }))
  expect(rows[0].events + ignored.reduce((sum, { count }) => sum + count, 0)).toBe(mails.length + 1)
  expect(rows[0].quarantined).toBe(0)
  await node.close()
}, 180_000)
