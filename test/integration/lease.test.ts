import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HeldLease, holdLease } from '../../src/ingest/lease.ts'
import { recordInbound, StaleLease } from '../../src/ingest/record-inbound.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { reportHealth, reportWarning } from '../../src/store/inbox-health.ts'
import { acquireLeases, leasedCursor, releaseLease, renewLease } from '../../src/store/inbox-lease.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createInbox, unique } from '../support/factories.ts'
import { pausableDatabase } from '../support/pausable-database.ts'

let on: TestDatabase
let inboxId: string
const held: HeldLease[] = []

beforeAll(async () => {
  on = await testDatabase()
})
afterAll(() => on.close())
beforeEach(async () => {
  await on.db.pool.query('update inbox set enabled = false')
  inboxId = await createInbox(on.db.pool)
})
afterEach(async () => {
  for (const lease of held.splice(0)) await lease.release()
})

const acquire = async (node: string, db: Database = on.db) => {
  const [lease] = await acquireLeases(db.pool, { node, channels: ['loop'], limit: 10 })
  return lease
}
const acquired = async (node: string) => {
  const lease = await acquire(node)
  if (!lease) throw new Error('the lease is not free')
  return lease
}
/** As after six seconds in which nobody renewed. */
const runOut = () => on.db.pool.query(`update inbox set lease_until = now() - interval '1 ms' where id = $1`, [inboxId])
const secondsLeft = async () => {
  const { rows } = await on.db.pool.query(
    'select extract(epoch from lease_until - now())::float as s from inbox where id = $1',
    [inboxId],
  )
  return (rows[0] as { s: number }).s
}
const message = () => {
  const id = unique('e')
  return {
    kind: 'message' as const,
    eventId: id,
    externalId: id,
    thread: { key: 't', kind: 'chat', audience: 'private' as const },
    sender: { key: 'customer' },
    text: 'Hello',
    occurredAt: new Date(),
    raw: null,
  }
}

describe('the lease of an inbox', () => {
  test('is held by one of many that ask at once', async () => {
    const nodes = await Promise.all(Array.from({ length: 8 }, (_, i) => acquire(`node ${i}`)))
    expect(nodes.filter(Boolean)).toHaveLength(1)
  })

  test('that another process is just taking is left to it', async () => {
    const tx = await on.db.pool.connect()
    await tx.query('begin')
    const [first] = await acquireLeases(tx, { node: 'a', channels: ['loop'], limit: 10 })
    // Whoever waited for the row instead would take it as well, as soon as it may.
    const second = acquire('b')
    const early = await Promise.race([second, pause(2_000, 'waits' as const)])
    await tx.query('commit')
    tx.release()
    expect(first?.inboxId).toBe(inboxId)
    expect(early).toBeUndefined()
  })

  test('lasts six seconds by the clock of the database, from each renewal', async () => {
    const lease = await acquired('a')
    expect(await secondsLeft()).toBeGreaterThan(4)
    expect(await secondsLeft()).toBeLessThanOrEqual(6)
    await runOut()
    expect(await renewLease(on.db.pool, lease)).toEqual({ settingsVersion: 1 })
    expect(await secondsLeft()).toBeGreaterThan(4)
  })

  test('can be taken over once it ran out, with a higher epoch', async () => {
    const first = await acquired('a')
    expect(await acquire('b')).toBeUndefined()
    await runOut()
    const second = await acquired('b')
    expect(BigInt(second.epoch)).toBeGreaterThan(BigInt(first.epoch))
  })

  test('that was taken over can be neither renewed nor given away by its former holder', async () => {
    const first = await acquired('a')
    await runOut()
    const second = await acquired('b')
    expect(await renewLease(on.db.pool, first)).toBeNull()
    expect(await leasedCursor(on.db.pool, first)).toBeNull()
    await releaseLease(on.db.pool, first)
    expect(await acquire('c')).toBeUndefined()
    expect(await renewLease(on.db.pool, second)).not.toBeNull()
  })

  test('that was taken over lets its former holder store nothing and say nothing', async () => {
    const first = await acquired('a')
    await runOut()
    const second = await acquired('b')
    await reportHealth(on.db, second, { state: 'connected', error: null })
    const batch = { events: [message()], cursor: { after: 9 } }
    const late = recordInbound(on.db, { inboxId, batch, epoch: first.epoch, now: new Date() })
    await expect(late).rejects.toBeInstanceOf(StaleLease)
    expect(await reportHealth(on.db, first, { state: 'unavailable', error: 'zombie' })).toBe(false)
    await reportWarning(on.db.pool, first, 'zombie')
    const { rows } = await on.db.pool.query(
      `select health, health_warning, cursor, (select count(*)::int from inbound_event where inbox_id = inbox.id) as events
         from inbox where id = $1`,
      [inboxId],
    )
    expect(rows).toEqual([{ health: 'connected', health_warning: null, cursor: null, events: 0 }])
    await recordInbound(on.db, { inboxId, batch, epoch: second.epoch, now: new Date() })
    expect(await leasedCursor(on.db.pool, second)).toEqual({ cursor: { after: 9 } })
  })

  test('given back is free for the next at once', async () => {
    await releaseLease(on.db.pool, await acquired('a'))
    expect(await acquire('b')).toMatchObject({ inboxId })
  })

  test('is not to be had for an inbox that is off, removed, of an unknown channel, or waits for a person', async () => {
    const cases = ['enabled = false', 'deleted_at = now()', `channel = 'carrier pigeon'`, `health = 'badCredentials'`]
    for (const change of cases) {
      await on.db.pool.query('update inbox set enabled = false')
      const id = await createInbox(on.db.pool)
      await on.db.pool.query(`update inbox set ${change} where id = $1`, [id])
      expect(await acquire('a'), change).toBeUndefined()
    }
  })
})

describe('holding a lease', () => {
  const hold = async (db: Database = on.db, renewEveryMs = 20) => {
    const versions: number[] = []
    const lease = holdLease(db.pool, await acquired('a'), { renewEveryMs, onRenewed: (v) => versions.push(v) })
    held.push(lease)
    return { lease, versions }
  }

  test('renews it again and again and learns of new settings', async () => {
    const { versions } = await hold()
    await on.db.pool.query('update inbox set settings_version = 7 where id = $1', [inboxId])
    await eventually(() => versions.filter((version) => version === 7).length > 2)
    expect(await secondsLeft()).toBeGreaterThan(4)
  })

  test('ends when another process took over', async () => {
    const { lease } = await hold()
    await on.db.pool.query('update inbox set lease_epoch = lease_epoch + 1 where id = $1', [inboxId])
    await eventually(() => lease.lost.aborted)
  })

  test('ends when the inbox is switched off', async () => {
    const { lease } = await hold()
    await on.db.pool.query('update inbox set enabled = false where id = $1', [inboxId])
    await eventually(() => lease.lost.aborted)
  })

  test('ends when the database has not answered for as long as a lease lasts', async () => {
    const way = await pausableDatabase(on.target)
    const db = await openDatabase(way.target, { poolSize: 2 })
    const { lease, versions } = await hold(db)
    await eventually(() => versions.length > 2)
    way.freeze()
    const frozenAt = performance.now()
    await eventually(() => lease.lost.aborted, { timeoutMs: 9_000 })
    expect(performance.now() - frozenAt).toBeGreaterThan(4_000)
    way.thaw()
    held.splice(held.indexOf(lease), 1)
    await lease.release()
    await db.close()
    await way.close()
  })

  test('gives it back when released', async () => {
    const { lease } = await hold()
    await lease.release()
    expect(lease.lost.aborted).toBe(true)
    expect(await acquire('b')).toMatchObject({ inboxId })
  })
})
