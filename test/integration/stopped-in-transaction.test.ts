import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '../../src/store/database.ts'
import { acquireLeases } from '../../src/store/inbox-lease.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'

describe('A process that stopped inside a transaction', () => {
  let own: TestDatabase
  beforeAll(async () => {
    own = await testDatabase()
  })
  afterAll(() => own.close())

  test('does not keep others from receiving for the inbox it was storing events of', async () => {
    const { db } = own
    const inboxId = await createInbox(db.pool)
    const taken = await transaction(db, async (stopped) => {
      await stopped.query(
        `insert into inbound_event (inbox_id, event_id, kind, thread_key, occurred_at) values ($1, 'e', 'message', 't', now())`,
        [inboxId],
      )
      return acquireLeases(db.pool, { node: 'the other one', channels: ['loop'], limit: 10 })
    })
    expect(taken.map((lease) => lease.inboxId)).toEqual([inboxId])
  })

  test('loses its locks before its leases have run out', async () => {
    const { rows } = await own.db.pool.query(`select current_setting('idle_in_transaction_session_timeout') as ms`)
    expect(rows).toEqual([{ ms: '5s' }])
  })

  test('is not ended by a farewell that comes before anybody listens to the connection', async () => {
    const client = await own.db.pool.connect()
    try {
      expect(() => client.emit('error', new Error('terminating connection'))).not.toThrow()
    } finally {
      client.release(true)
    }
  })
})
