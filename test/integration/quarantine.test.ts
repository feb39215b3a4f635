import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { retryQuarantined } from '../../src/ingest/quarantine.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import { getQuarantined, listQuarantine, purgeRaw } from '../../src/store/quarantine.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { batchOf, said } from '../support/events.ts'
import { createInbox } from '../support/factories.ts'
import { whileLocked } from '../support/waiting-for-locks.ts'

let on: TestDatabase
let inboxId: string
const now = () => new Date()

beforeAll(async () => {
  on = await testDatabase()
})
afterAll(() => on.close())
beforeEach(async () => {
  inboxId = await createInbox(on.db.pool)
})

const cursed = 'this one is cursed'
/** As long as it stands, messages with these words cannot be stored. */
const curse = () => on.db.pool.query(`alter table message add constraint curse check (text <> '${cursed}') not valid`)
const lift = () => on.db.pool.query('alter table message drop constraint if exists curse')
const record = (...events: ReturnType<typeof said>[]) =>
  recordInbound(on.db, { inboxId, batch: batchOf(...events), now: now() })
const texts = async () => {
  const { rows } = await on.db.pool.query(
    'select m.text from message m join thread t on t.id = m.thread_id where t.inbox_id = $1 order by m.id',
    [inboxId],
  )
  return rows.map((row: { text: string }) => row.text)
}
const list = (page: { limit: number; before?: string } = { limit: 10 }) => listQuarantine(on.db.pool, inboxId, page)

describe('an event that cannot be applied', () => {
  test('waits with its raw words and a reason, holds nobody up, and is applied once when retried', async () => {
    await curse()
    const result = await record(said('good'), said(cursed, { raw: { its: 'own words' } }), said('better'))
    expect(result.outcomes.map((outcome) => outcome.kind)).toEqual(['applied', 'quarantined', 'applied'])
    expect(await texts()).toEqual(['good', 'better'])
    const [waiting] = await list()
    expect(waiting).toMatchObject({ inboxId, kind: 'message', raw: { its: 'own words' }, attempts: 1 })
    expect(waiting?.reason).toContain('curse')
    expect(waiting?.reason).not.toContain(cursed)
    expect((await readHealth(on.db.pool, [inboxId])).get(inboxId)?.quarantined).toBe(1)

    const id = waiting?.id ?? ''
    expect(await retryQuarantined(on.db, id, now())).toMatchObject({ kind: 'quarantined' })
    expect((await getQuarantined(on.db.pool, id))?.attempts).toBe(2)
    await lift()
    const lock = { sql: 'select from inbound_event where id = $1 for update', values: [id], count: 2 }
    const both = await whileLocked(on.db, lock, () =>
      Promise.all([retryQuarantined(on.db, id, now()), retryQuarantined(on.db, id, now())]),
    )
    expect(both.filter((outcome) => outcome?.kind === 'applied')).toHaveLength(1)
    expect((await texts()).filter((text) => text === cursed)).toHaveLength(1)
    expect(await list()).toEqual([])
    expect(await retryQuarantined(on.db, id, now())).toBeNull()
    expect((await readHealth(on.db.pool, [inboxId])).get(inboxId)?.quarantined).toBe(0)
  })

  test('is listed newest first, page by page, for its own inbox', async () => {
    await curse()
    for (let i = 0; i < 5; i++) await record(said(cursed))
    await lift()
    const first = await list({ limit: 2 })
    const second = await list({ limit: 10, before: first[1]?.id ?? '' })
    expect([first.length, second.length]).toEqual([2, 3])
    const ids = [...first, ...second].map((event) => BigInt(event.id))
    expect(ids).toEqual([...ids].sort((a, b) => (a > b ? -1 : 1)))
    expect(await listQuarantine(on.db.pool, await createInbox(on.db.pool), { limit: 10 })).toEqual([])
  })

  test('that is no event at all is not found', async () => {
    expect(await retryQuarantined(on.db, '999999999', now())).toBeNull()
  })
})

describe('the platform’s own words', () => {
  test('go after thirty days, but not from quarantine', async () => {
    await curse()
    await record(said('old'), said(cursed))
    await on.db.pool.query(`update inbound_event set received_at = now() - interval '31 days' where inbox_id = $1`, [
      inboxId,
    ])
    await record(said('young'))
    await lift()
    while ((await purgeRaw(on.db.pool, 30, 1)) > 0);
    const { rows } = await on.db.pool.query(
      `select state, raw is null as gone, received_at < now() - interval '30 days' as old
         from inbound_event where inbox_id = $1 order by state, gone desc`,
      [inboxId],
    )
    expect(rows).toEqual([
      { state: 'applied', gone: true, old: true },
      { state: 'applied', gone: false, old: false },
      { state: 'quarantined', gone: false, old: true },
    ])
    const [waiting] = await list()
    expect(await retryQuarantined(on.db, waiting?.id ?? '', now())).toMatchObject({ kind: 'applied' })
  })
})
