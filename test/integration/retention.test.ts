import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { expireMessages } from '../../src/store/retention.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createInbox } from '../support/factories.ts'
import { letterOf } from '../support/letters.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())

const day = 24 * 3_600_000

it('takes the words of messages older than their inbox keeps them, and nothing else', async () => {
  const q = test.db.pool
  const [keeps, forgets] = [await createInbox(q), await createInbox(q)]
  await q.query('update inbox set retention_days = 30 where id = $1', [forgets])
  const record = (inboxId: string, text: string) =>
    recordInbound(test.db, { inboxId, now: new Date(), batch: { events: [said(text, { chat: inboxId })] } })
  await record(keeps, 'kept for ever')
  await record(forgets, 'old')
  const soon = new Date(Date.now() + 29 * day)
  expect(await expireMessages(test.db, soon)).toBe(0)
  const later = new Date(Date.now() + 31 * day)
  expect(await expireMessages(test.db, later)).toBe(1)
  expect(await expireMessages(test.db, later)).toBe(0)
  const { rows } = await q.query('select text, deleted_by from message order by id')
  expect(rows).toEqual([
    { text: 'kept for ever', deleted_by: null },
    { text: '', deleted_by: 'retention' },
  ])
  const { rows: previews } = await q.query('select preview, message_count from conversation order by id')
  expect(previews).toEqual([
    { preview: 'kept for ever', message_count: '1' },
    { preview: '', message_count: '1' },
  ])
})

it('takes the subjects of letters with them, those of before included', async () => {
  const q = test.db.pool
  const forgets = await createInbox(q)
  await q.query('update inbox set retention_days = 30 where id = $1', [forgets])
  const record = (event: ReturnType<typeof letterOf>) =>
    recordInbound(test.db, { inboxId: forgets, now: new Date(), batch: { events: [event] } })
  const first = letterOf('one', { subject: 'My secret' })
  const { outcomes } = await record(first)
  await record(
    letterOf('two', { subject: 'Another secret', joins: [{ by: 'reference', externalId: first.externalId }] }),
  )
  const conversation = outcomes[0]?.kind === 'applied' ? outcomes[0].conversationId : undefined
  const kept = async () => {
    const { rows } = await q.query(
      `select c.subject, (select json_agg(a.data) from activity a where a.conversation_id = c.id) as told,
         (select json_agg(m.letter) from message m where m.conversation_id = c.id) as letters
        from conversation c where c.id = $1`,
      [conversation],
    )
    return JSON.stringify(rows)
  }
  expect(await kept()).toContain('My secret')
  expect(await expireMessages(test.db, new Date(Date.now() + 31 * day))).toBe(2)
  expect(await kept()).not.toMatch(/secret/i)
})
