import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { removeMessage } from '../../src/delivery/change-sent.ts'
import { applyStored } from '../../src/ingest/apply-stored.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../src/store/delivery-claim.ts'
import { settleDelivery } from '../../src/store/delivery-settle.ts'
import { expireMessages } from '../../src/store/retention.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say } from '../support/delivery-ground.ts'
import { said } from '../support/events.ts'
import { createConversation, createInbox, type MadeConversation } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
let inboxId: string
const db = () => ground.db
const thread = { key: 'chat-1', kind: 'chat', audience: 'private' } as const

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const record = async (events: readonly object[]) => {
  const whole = events.map((event) => ({ eventId: randomUUID(), thread, occurredAt: new Date(), raw: {}, ...event }))
  return (await recordInbound(db(), { inboxId, now: new Date(), batch: { events: whole as InboundEvent[] } })).outcomes
}
const rows = async (sql: string, values: unknown[] = [inboxId]) => (await db().pool.query(sql, values)).rows
const stored = () =>
  rows(`select m.id, m.text, m.reply_to_id, m.reactions, (select count(*)::int from attachment a where a.message_id = m.id) as pictures
    from message m join thread t on t.id = m.thread_id where t.inbox_id = $1 order by m.id`)

describe('an album that came in', () => {
  const picture = (n: number, text = '') =>
    said(text, { externalId: `p${n}`, groupKey: 'album', attachments: [{ name: `${n}.png`, ref: n }] })
  beforeEach(async () => {
    inboxId = await createInbox(db().pool)
  })

  it('is found by any of its pictures: an answer, a reaction', async () => {
    await record([picture(1, 'front'), picture(2), picture(3)])
    await record([said('this one', { replyTo: 'p3' })])
    await record([{ kind: 'reaction', externalId: 'p2', sender: { key: 'person-of-chat-1' }, reactions: ['👍'] }])
    const [album, answer] = await stored()
    expect([album.pictures, Object.values(album.reactions), answer.reply_to_id]).toEqual([3, [['👍']], album.id])
  })

  it('changes the words of the picture that was edited, and those alone', async () => {
    await record([picture(1, 'front')])
    await record([picture(2, 'bakc')])
    const sender = { key: 'person-of-chat-1' }
    await record([{ kind: 'edit', externalId: 'p2', sender, text: 'back' }])
    expect((await stored())[0].text).toBe('front\nback')
    await record([{ kind: 'edit', externalId: 'p1', sender, text: 'Front' }])
    expect((await stored())[0].text).toBe('Front\nback')
  })

  it('takes an edit that overtook its picture, and each picture once, whoever tells it again', async () => {
    await record([picture(1, 'front')])
    expect(await record([{ kind: 'edit', externalId: 'p2', text: 'better' }])).toEqual([{ kind: 'parked' }])
    await record([picture(2, 'worse')])
    const second = picture(2, 'worse')
    const again = [...(await record([second, picture(1, 'front')])), ...(await record([second]))]
    const [album, ...others] = await stored()
    expect(again.map((one) => [one.kind, 'messageId' in one && one.messageId])).toEqual(
      again.map(() => ['duplicate', album.id]),
    )
    expect([album.text, album.pictures, others.length]).toEqual(['front\nbetter', 2, 0])
  })

  it('leaves no words behind, deleted or expired', async () => {
    await record([picture(1, 'secret'), picture(2, 'secret')])
    await record([{ kind: 'removal', externalId: 'p2' }])
    const words = `select a.text from album_item a join message m on m.id = a.message_id join thread t on t.id = m.thread_id
      where t.inbox_id = $1 and a.text <> ''`
    expect([await rows(words), (await stored())[0].text]).toEqual([[], ''])
    await record([
      { ...picture(3, 'old'), externalId: 'p7', groupKey: 'b' },
      { ...picture(4, 'old'), groupKey: 'b' },
    ])
    await rows('update inbox set retention_days = 1 where id = $1')
    await expireMessages(db(), new Date(Date.now() + 48 * 3_600_000))
    expect(await rows(words)).toEqual([])
  })
})

describe('an album of ours', () => {
  let conversation: MadeConversation
  let row: ClaimedDelivery
  const channel = scriptedChannel()
  const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }

  beforeEach(async () => {
    conversation = await createConversation(db().pool)
    inboxId = conversation.inboxId
    await say(db(), channel, conversation.id, { text: 'three pictures' })
    row = (await claimDeliveries(db().pool, wish)).find((claimed) => claimed.conversationId === conversation.id)!
  })
  const settle = () =>
    settleDelivery(db(), row, { state: 'sent', externalId: 'a1', more: ['a2', 'a3'], afterSent: false })

  it('is called back with every picture', async () => {
    await settle()
    const ctx = { db: db(), connections: channel.connections, clock: () => new Date() }
    await removeMessage(ctx, { messageId: row.messageId, actor: 'agent:1' })
    const removals = await rows(
      `select payload ->> 'target' as target from delivery where conversation_id = $1 and operation = 'remove' order by id`,
      [conversation.id],
    )
    expect(removals.map(({ target }) => target)).toEqual(['a1', 'a2', 'a3'])
  })

  it('is found by any of its pictures, also by what was said while it was on its way', async () => {
    const here = { thread: row.thread, sender: { key: 'someone' } }
    expect(await record([{ kind: 'reaction', externalId: 'a3', reactions: ['👍'], ...here }])).toEqual([
      { kind: 'parked' },
    ])
    await settle()
    for (const { id } of await rows(
      `delete from job where kind = 'apply-parked' returning payload ->> 'eventRowId' as id`,
      [],
    ))
      await applyStored(db(), id, new Date())
    await record([said('that one', { replyTo: 'a2', ...here })])
    const [album, answer] = await stored()
    expect([Object.values(album.reactions), answer.reply_to_id]).toEqual([[['👍']], album.id])
  })

  it('is no second message when the platform shows us one of its pictures, and keeps its words', async () => {
    await settle()
    await record([
      { kind: 'echo', externalId: 'a2', text: '', thread: row.thread },
      { kind: 'edit', externalId: 'a3', text: '', thread: row.thread },
      { kind: 'receipt', externalId: 'a2', receipt: 'read', thread: row.thread },
    ])
    expect((await stored()).map(({ text }) => text)).toEqual(['three pictures'])
    expect((await deliveriesIn(db(), conversation.id)).map(({ state }) => state)).toEqual(['read'])
  })
})
