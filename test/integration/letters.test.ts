import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InboundEvent, InboundMessage, Join, Letter, LetterAddress } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say } from '../support/delivery-ground.ts'
import { createInbox } from '../support/factories.ts'
import { type LetterWish, letterOf, us } from '../support/letters.ts'
import { type ScriptedChannel, scriptedChannel } from '../support/scripted-channel.ts'

let test: TestDatabase
let inboxId: string
const hour = 3_600_000
const li: LetterAddress = { name: 'Li Wei', address: 'li@customer.example' }
const boss: LetterAddress = { name: 'Boss', address: 'boss@customer.example' }
const stranger: LetterAddress = { name: 'Eve', address: 'eve@elsewhere.example' }

beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())
beforeEach(async () => {
  inboxId = await createInbox(test.db.pool, { channel: 'scripted' })
  await test.db.pool.query('truncate identity, contact cascade')
})

interface Stored {
  readonly messageId: string
  readonly conversationId: string
}
const record = async (events: readonly InboundEvent[], now = new Date(), to = inboxId) =>
  (await recordInbound(test.db, { inboxId: to, now, batch: { events } })).outcomes as unknown as Stored[]
const received = async (text: string, wish: LetterWish = {}, now = new Date()) =>
  (await record([letterOf(text, wish)], now))[0]!
const one = async (sql: string, ...values: unknown[]) => (await test.db.pool.query(sql, values)).rows[0]
const conversation = (id: string) => one('select * from conversation where id = $1', id)
const message = (id: string) => one('select * from message where id = $1', id)
const threadKeyOf = async ({ messageId }: Stored) =>
  (await one('select t.key from thread t join message m on m.thread_id = t.id where m.id = $1', messageId)).key

/** A first letter of Li's and our answer to it, with every way an answer to those may name them. */
async function answered(cc: readonly LetterAddress[] = []) {
  const letter = letterOf('Where is it?', { from: li })
  const first = (await record([letter]))[0]!
  await say(test.db, channel(), first.conversationId, { text: 'On its way.', recipients: { cc } })
  const delivery = await one('select id from delivery where conversation_id = $1', first.conversationId)
  const joins: Record<Join['by'], Join> = {
    token: { by: 'token', threadKey: await threadKeyOf(first) },
    delivery: { by: 'delivery', deliveryId: delivery.id },
    reference: { by: 'reference', externalId: letter.externalId },
    subject: { by: 'subject', subjectKey: 'deposit', withinMs: 168 * hour },
  }
  return { letter, first, joins, conversationId: first.conversationId }
}

/** Knows people by their addresses, as mail does. */
function channel(): ScriptedChannel {
  const scripted = scriptedChannel({ pace: 'letters' })
  const addressee = ({ name, address }: LetterAddress) => ({ key: address.toLowerCase(), name })
  const adapter = { ...scripted.adapter, addressee }
  return {
    ...scripted,
    connections: { ...scripted.connections, describe: async (id) => ({ inboxId: id, adapter, settings: {} }) },
  }
}

const ways: Join['by'][] = ['token', 'delivery', 'reference', 'subject']

describe('a letter that says where it belongs', () => {
  it.each(ways)('is put there by its %s when its writer takes part', async (by) => {
    const { joins, conversationId } = await answered()
    const answer = await received('Thank you, but when?', { from: li, joins: [joins[by]] })
    expect(answer.conversationId).toBe(conversationId)
    expect(await message(answer.messageId)).toMatchObject({ joined_by: by, seq: '3', direction: 'in' })
  })

  it.each(ways.slice(0, 3))('is a case of its own that claims the other when a stranger has the %s', async (by) => {
    const { joins, conversationId } = await answered()
    const before = await conversation(conversationId)
    const forged = await received('Please pay here instead', { from: stranger, joins: [joins[by]] })
    expect(forged.conversationId).not.toBe(conversationId)
    expect(await conversation(forged.conversationId)).toMatchObject({
      claims_conversation_id: conversationId,
      message_count: '1',
    })
    expect(await message(forged.messageId)).toMatchObject({ joined_by: null, direction: 'in' })
    expect(await conversation(conversationId)).toEqual(before)
    // Nor does a second try, now that Eve takes part in a thread of her own.
    const again = await received('Well?', { from: stranger, joins: [joins[by]] })
    expect(again.conversationId).not.toBe(conversationId)
  })

  it('takes the first way that leads anywhere', async () => {
    const { joins, conversationId } = await answered()
    const unknown: Join[] = [
      { by: 'token', threadKey: 'no such thread' },
      { by: 'delivery', deliveryId: '987654321' },
      { by: 'reference', externalId: '<unknown@x>' },
    ]
    const answer = await received('Hello again', { from: li, joins: [...unknown, joins.reference, joins.subject] })
    expect(answer.conversationId).toBe(conversationId)
    expect((await message(answer.messageId)).joined_by).toBe('reference')
    const other = await received('Something else', { from: li, joins: unknown })
    expect(await conversation(other.conversationId)).toMatchObject({ claims_conversation_id: null })
    expect(other.conversationId).not.toBe(conversationId)
  })

  it.each(ways)('means nothing in another inbox by its %s', async (by) => {
    const { joins } = await answered()
    const elsewhere = await createInbox(test.db.pool, { channel: 'scripted' })
    const [made] = await record([letterOf('Hello', { from: li, joins: [joins[by]] })], new Date(), elsewhere)
    expect(await conversation(made!.conversationId)).toMatchObject({
      inbox_id: elsewhere,
      claims_conversation_id: null,
    })
  })

  it('by subject alone belongs to what was said of it lately', async () => {
    const { joins, conversationId } = await answered()
    await test.db.pool.query(`update conversation set last_activity_at = now() - interval '8 days' where id = $1`, [
      conversationId,
    ])
    expect((await received('Hi', { from: li, joins: [joins.subject] })).conversationId).not.toBe(conversationId)
    const other: Join = { by: 'subject', subjectKey: 'withdrawal', withinMs: 168 * hour }
    const fresh = await answered()
    expect((await received('Hi', { from: li, joins: [other] })).conversationId).not.toBe(fresh.conversationId)
    const nameless: Join = { by: 'subject', subjectKey: '', withinMs: 1_000 * hour }
    const first = await received('x', { from: li, subject: '' })
    expect((await received('y', { from: li, subject: '', joins: [nameless] })).conversationId).not.toBe(
      first.conversationId,
    )
  })

  it('may answer a letter of the same batch', async () => {
    const first = letterOf('One', { from: li })
    const second = letterOf('Two', { from: li, joins: [{ by: 'reference', externalId: first.externalId }] })
    const [a, b] = await record([first, second])
    expect(b!.conversationId).toBe(a!.conversationId)
    expect(await conversation(a!.conversationId)).toMatchObject({ message_count: '2' })
  })

  it('reopens its case within the window, and begins a new number in the same place after it', async () => {
    const { joins, conversationId, first } = await answered()
    const resolve = (id: string) =>
      test.db.pool.query(`update conversation set status = 'resolved', resolved_at = now() where id = $1`, [id])
    await resolve(conversationId)
    expect(await received('Still not here', { from: li, joins: [joins.token] })).toMatchObject({ conversationId })
    expect((await conversation(conversationId)).status).toBe('open')
    await resolve(conversationId)
    const later = await received('And now?', { from: li, joins: [joins.token] }, new Date(Date.now() + 73 * hour))
    expect(later.conversationId).not.toBe(conversationId)
    expect(await threadKeyOf(later)).toBe(await threadKeyOf(first))
    expect(await conversation(later.conversationId)).toMatchObject({ status: 'open', claims_conversation_id: null })
  })
})

describe('people of a letter', () => {
  it('whom we wrote to may answer into it, and nobody else', async () => {
    const { joins, conversationId } = await answered([boss])
    const fromBoss = await received('I approve', { from: boss, joins: [joins.delivery] })
    expect(fromBoss.conversationId).toBe(conversationId)
    const named = await received('Me too', { from: stranger, joins: [joins.delivery], envelope: { cc: [boss, li] } })
    expect(named.conversationId).not.toBe(conversationId)
  })

  it('who were written to in the mail program of our own may answer into that', async () => {
    const { letter: _envelope, ...rest } = letterOf('We write to you')
    const envelope: Letter = { ...letterOf('x').letter!, from: us, to: [boss] }
    const sender = { key: us.address, name: us.name }
    const addressees = [{ key: boss.address, name: boss.name }]
    const [sent] = await record([{ ...rest, kind: 'echo', sender, letter: envelope, addressees }])
    expect(await message(sent!.messageId)).toMatchObject({ direction: 'out' })
    const opener = await one(
      'select i.key from conversation c join identity i on i.id = c.opener_identity_id where c.id = $1',
      sent!.conversationId,
    )
    expect(opener.key).toBe(boss.address)
    const joins: Join[] = [{ by: 'reference', externalId: rest.externalId }]
    expect((await received('Yes', { from: boss, joins })).conversationId).toBe(sent!.conversationId)
    expect((await received('Yes', { from: stranger, joins })).conversationId).not.toBe(sent!.conversationId)
  })
})

describe('an id that two letters have', () => {
  const same = (letter: InboundMessage, text: string, from: LetterAddress): InboundMessage => ({
    ...letterOf(text, { from }),
    externalId: letter.externalId,
    thread: letter.thread,
  })

  it('is of two messages when their words differ', async () => {
    const letter = letterOf('First', { from: li })
    const [a] = await record([letter])
    const [b] = await record([same(letter, 'Second', li)])
    expect([b!.conversationId === a!.conversationId, b!.messageId === a!.messageId]).toEqual([true, false])
    const [again] = await record([letter])
    expect(again).toMatchObject({ kind: 'duplicate', messageId: a!.messageId })
    const answer = await received('Third', { from: li, joins: [{ by: 'reference', externalId: letter.externalId }] })
    expect(answer.conversationId).toBe(a!.conversationId)
  })

  it('leads nobody else into the place that was named after it', async () => {
    const letter = letterOf('First', { from: li })
    const [a] = await record([letter])
    const before = await conversation(a!.conversationId)
    const [forged] = await record([same(letter, 'Pay here', stranger)])
    expect(await conversation(a!.conversationId)).toEqual(before)
    expect(await conversation(forged!.conversationId)).toMatchObject({ claims_conversation_id: a!.conversationId })
    expect(await threadKeyOf(forged!)).toMatch(/^[0-9a-f]{24}$/)
    // Nor does it draw the first one's writer to itself.
    const answer = await received('Third', { from: li, joins: [{ by: 'reference', externalId: letter.externalId }] })
    expect(answer.conversationId).toBe(a!.conversationId)
  })
})

describe('the subject of a case', () => {
  it('is that of its newest letter, and a change is said', async () => {
    const { joins, conversationId } = await answered()
    await received('Same matter', { from: li, subject: 'AW: Deposit', joins: [joins.token] })
    const activities = () =>
      test.db.pool.query(
        `select data, after_seq from activity where conversation_id = $1 and kind = 'subjectChanged'`,
        [conversationId],
      )
    expect((await activities()).rows).toEqual([])
    await received('By the way', { from: li, subject: 'Re: Withdrawal', joins: [joins.token] })
    expect((await activities()).rows).toEqual([{ data: { from: 'Deposit', to: 'Re: Withdrawal' }, after_seq: '3' }])
    expect((await conversation(conversationId)).subject).toBe('Re: Withdrawal')
  })
})

describe('a letter that nobody wrote', () => {
  const vacation = (join: Join): LetterWish => ({
    from: li,
    joins: [join],
    subject: 'Automatic reply: Deposit',
    automatic: true,
    byProgram: true,
  })
  const jobs = async () => (await one(`select count(*)::int as n from job where kind = 'route'`)).n

  it.each(['open', 'waiting', 'snoozed', 'resolved'])(
    'is shown in a conversation that is %s, and changes nothing of it',
    async (status) => {
      const { joins, conversationId } = await answered()
      await test.db.pool.query(
        `update conversation set status = $2, resolved_at = now(), snoozed_until = now() + interval '1 day' where id = $1`,
        [conversationId, status],
      )
      const before = await conversation(conversationId)
      const asked = await jobs()
      const answer = await received('I am on the beach.', vacation(joins.reference))
      expect(answer.conversationId).toBe(conversationId)
      expect(await message(answer.messageId)).toMatchObject({ by_program: true, seq: '3' })
      const { status: now, subject, last_incoming_seq, waiting_since } = before
      const same = { status: now, subject, last_incoming_seq, waiting_since }
      expect(await conversation(conversationId)).toMatchObject({
        ...same,
        last_seq: '3',
        preview: 'I am on the beach.',
      })
      expect(await jobs()).toBe(asked)
    },
  )

  it('is neither quoted nor answered, and stops nobody who is writing', async () => {
    const { joins, letter, conversationId } = await answered()
    const { version } = await conversation(conversationId)
    await received('I am on the beach.', vacation(joins.reference))
    const wish = { text: 'Here it is.', basedOn: Number(version) }
    const again = await say(test.db, channel(), conversationId, wish)
    expect((await message(again.messageId)).letter.references.at(-1)).toBe(letter.externalId)
  })

  it('opens a case where there is none: somebody has to see it once', async () => {
    const first = await received('Your order was shipped.', { from: stranger, automatic: true, byProgram: true })
    expect(await conversation(first.conversationId)).toMatchObject({ status: 'open', last_incoming_seq: '1' })
  })
})
