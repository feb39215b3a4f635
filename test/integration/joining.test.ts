import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LetterAddress } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { claimDeliveries } from '../../src/store/delivery-claim.ts'
import { settleDelivery } from '../../src/store/delivery-settle.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'
import { type LetterWish, letterOf } from '../support/letters.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let agent: Person
const li: LetterAddress = { name: 'Li Wei', address: 'li@customer.example' }
const eve: LetterAddress = { name: 'Eve', address: 'eve@elsewhere.example' }
beforeAll(async () => {
  base = await testDatabase()
  const letters = scriptedChannel({ pace: 'letters' })
  const newThread = (key: string) => ({ key, kind: 'mail', audience: 'private' as const, place: 'mailbox' })
  const describe = async (id: string) => ({ inboxId: id, adapter: { ...letters.adapter, newThread }, settings: {} })
  server = await httpServer(base.db, { connections: { ...letters.connections, describe } })
})
beforeEach(async () => {
  await base.db.pool.query('truncate identity, contact cascade')
  inboxId = await createInbox(base.db.pool)
  agent = await signedIn(server, { inboxes: [inboxId] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

interface Stored {
  readonly messageId: string
  readonly conversationId: string
}
async function received(text: string, wish: LetterWish = {}, to = inboxId): Promise<Stored> {
  const events = [letterOf(text, { from: li, ...wish })]
  const { outcomes } = await recordInbound(base.db, { inboxId: to, now: new Date(), batch: { events } })
  return outcomes[0] as unknown as Stored
}
const get = async (id: string) => (await agent.call(`GET /conversations/${id}`)).body
const messages = async (
  id: string,
): Promise<{ id: string; seq: number; text: string; deliveries: { state: string }[] }[]> =>
  (await agent.call(`GET /conversations/${id}/messages`)).body.items
const texts = async (id: string) => (await messages(id)).map(({ seq, text }) => `${seq} ${text}`)
const kinds = async (id: string) =>
  (await agent.call(`GET /conversations/${id}/activities`)).body.items.map(({ kind }: { kind: string }) => kind)
const merge = (id: string, into: string, who = agent) => who.call(`POST /conversations/${id}/merge`, { into })
const say = (id: string, text: string, more = {}) =>
  agent.call(`POST /conversations/${id}/messages`, { kind: 'reply', text, clientId: randomUUID(), ...more })
const threadOf = async ({ messageId }: Stored): Promise<string> =>
  (
    await base.db.pool.query('select t.key from thread t join message m on m.thread_id = t.id where m.id = $1', [
      messageId,
    ])
  ).rows[0].key

/** A case of Li's, and one of Eve's that says it belongs there. */
async function claimed() {
  const first = await received('Where is it?', { subject: 'Deposit' })
  const claim = await received('I am his colleague', {
    from: eve,
    joins: [{ by: 'token', threadKey: await threadOf(first) }],
  })
  return { first, claim, kept: first.conversationId, gone: claim.conversationId }
}

describe('joining', () => {
  it('a case that claims another moves its messages there, and what its writer says next', async () => {
    const { first, claim, kept, gone } = await claimed()
    await say(gone, 'Who are you?')
    expect((await get(gone)).claims).toEqual({ id: kept, number: (await get(kept)).number, subject: 'Deposit' })
    const before = await get(kept)
    expect(await merge(gone, kept)).toMatchObject({ status: 200, body: { conversation: kept } })
    expect(await texts(kept)).toEqual(['1 Where is it?', '2 I am his colleague', '3 Who are you?'])
    expect((await messages(kept))[2]?.deliveries).toMatchObject([{ state: 'pending' }])
    expect(await get(kept)).toMatchObject({
      version: before.version + 1,
      lastSeq: 3,
      preview: 'Who are you?',
      status: 'open',
    })
    expect(await get(gone)).toMatchObject({
      status: 'resolved',
      claims: null,
      mergedInto: { id: kept, number: before.number },
      lastMessageAt: null,
      unread: false,
    })
    expect([await kinds(gone), await kinds(kept)]).toEqual([
      expect.arrayContaining(['mergedInto']),
      expect.arrayContaining(['merged']),
    ])
    const own = await received('My name is Eve', {
      from: eve,
      joins: [{ by: 'token', threadKey: await threadOf(claim) }],
    })
    const shared = await received('And again', {
      from: eve,
      joins: [{ by: 'token', threadKey: await threadOf(first) }],
    })
    expect([own.conversationId, shared.conversationId]).toEqual([kept, kept])
    const row = (
      await claimDeliveries(base.db.pool, {
        allowances: new Map(),
        perInbox: 9,
        pausedPlaces: [],
        afterInbox: '0',
        limit: 9,
        leaseMs: 9_000,
      })
    )[0]!
    expect(row.conversationId).toBe(kept)
    await settleDelivery(base.db, row, { state: 'sent', externalId: 'x', afterSent: false })
    expect((await messages(kept))[2]?.deliveries).toMatchObject([{ state: 'sent' }])
    const feed = await base.db.pool.query(
      `select 1 from feed where conversation_id = any($1::bigint[]) and data ?| array['merged', 'mergedInto']`,
      [[kept, gone]],
    )
    expect(feed.rowCount).toBe(2)
  })

  it('two cases of one person reopens the one that stays', async () => {
    const [one, two] = [await received('One'), await received('Two', { subject: 'Other' })]
    await agent.call(`PATCH /conversations/${one.conversationId}`, { status: 'resolved' })
    expect((await merge(two.conversationId, one.conversationId)).status).toBe(200)
    expect(await get(one.conversationId)).toMatchObject({
      status: 'open',
      resolvedAt: null,
      waitingSince: expect.any(String),
    })
    const counts = (await agent.call('GET /conversations/counts')).body
    expect(counts).toMatchObject({ all: 1, unassigned: 1 })
  })

  it('is refused between strangers, across audiences, twice, and to itself', async () => {
    const { kept, gone } = await claimed()
    const other = await received('Eve again', { from: eve, subject: 'Else' })
    const public_ = await received('Openly', { thread: { key: 'forum', kind: 'mail', audience: 'public' } })
    const why = async (from: string, into: string) => (await merge(from, into)).body.error.code
    expect(await why(other.conversationId, kept)).toBe('otherPerson')
    expect(await why(kept, gone)).toBe('otherPerson')
    expect(await why(public_.conversationId, kept)).toBe('otherAudience')
    expect(await why(kept, kept)).toBe('itself')
    await merge(gone, kept)
    expect(await why(gone, kept)).toBe('alreadyMerged')
    expect(await why(kept, gone)).toBe('alreadyMerged')
    expect((await say(gone, 'x')).body.error.code).toBe('merged')
    expect((await agent.call(`PATCH /conversations/${gone}`, { status: 'open' })).status).toBe(400)
    expect(await texts(kept)).toHaveLength(2)
  })

  it('needs eyes on both, and tells nobody else what is claimed', async () => {
    const { kept, gone } = await claimed()
    const teamId = (await base.db.pool.query(`insert into team (name) values ('Secret') returning id`)).rows[0].id
    await base.db.pool.query('update conversation set restricted = true, team_id = $2 where id = $1', [kept, teamId])
    expect((await get(gone)).claims).toBeNull()
    expect((await merge(gone, kept)).status).toBe(404)
    expect((await merge(kept, gone)).status).toBe(404)
    expect(await texts(gone)).toEqual(['1 I am his colleague'])
  })

  it('follows a case that went elsewhere itself', async () => {
    const { kept, gone } = await claimed()
    const [third, fourth] = [
      await received('Three', { subject: 'Third' }),
      await received('Four', { subject: 'Fourth' }),
    ]
    await merge(kept, third.conversationId)
    expect((await get(gone)).claims).toMatchObject({ id: third.conversationId })
    await merge(third.conversationId, fourth.conversationId)
    expect((await get(kept)).mergedInto).toMatchObject({ id: fourth.conversationId })
    expect((await get(gone)).claims).toMatchObject({ id: fourth.conversationId, subject: 'Fourth' })
    expect((await merge(gone, fourth.conversationId)).status).toBe(200)
    expect(await texts(fourth.conversationId)).toHaveLength(4)
  })

  it('may be declined', async () => {
    const { gone } = await claimed()
    expect((await agent.call(`DELETE /conversations/${gone}/claim`)).status).toBe(204)
    expect((await get(gone)).claims).toBeNull()
    expect(await kinds(gone)).toContain('keptApart')
  })

  it('holds for letters that come at the same moment', async () => {
    const { claim, kept, gone } = await claimed()
    const joins = [{ by: 'token' as const, threadKey: await threadOf(claim) }]
    const [, ...more] = await Promise.all([
      merge(gone, kept),
      ...[1, 2, 3, 4].map((n) => received(`more ${n}`, { from: eve, joins })),
    ])
    expect(new Set(more.map(({ conversationId }) => [kept, gone].includes(conversationId)))).toEqual(new Set([true]))
    expect(await texts(gone)).toEqual([])
    expect((await messages(kept)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('parting', () => {
  async function twoMatters() {
    const first = await received('Where is it?')
    const joins = [{ by: 'token' as const, threadKey: await threadOf(first) }]
    const second = await received('And my card?', { subject: 'Card', joins })
    await say(first.conversationId, 'Which card?')
    return { first, second, joins, id: first.conversationId }
  }
  const split = (id: string, fromMessageId: string, who = agent) =>
    who.call(`POST /conversations/${id}/split`, { fromMessageId })

  it('makes a case of a letter and what follows, and its answers find it', async () => {
    const { first, second, joins, id } = await twoMatters()
    const { status, body } = await split(id, second.messageId)
    expect(status).toBe(201)
    expect(await texts(id)).toEqual(['1 Where is it?'])
    expect(await texts(body.conversation)).toEqual(['1 And my card?', '2 Which card?'])
    expect(await get(id)).toMatchObject({
      subject: 'Deposit',
      preview: 'Where is it?',
      waitingSince: expect.any(String),
    })
    expect(await get(body.conversation)).toMatchObject({
      subject: 'Card',
      status: 'open',
      preview: 'Which card?',
      waitingSince: null,
      contact: { name: 'Li Wei' },
    })
    expect([await kinds(id), await kinds(body.conversation)]).toEqual([
      expect.arrayContaining(['split']),
      ['splitFrom'],
    ])
    const toNew = await received('The blue one', {
      subject: 'Re: Card',
      joins: [{ by: 'token', threadKey: await threadOf(second) }],
    })
    const toOld = await received('Still waiting', { joins })
    expect([toNew.conversationId, toOld.conversationId]).toEqual([body.conversation, id])
    expect(await threadOf(first)).not.toBe(await threadOf(second))
    const answer = await say(body.conversation, 'Sent.')
    expect(answer.body.message).toMatchObject({ seq: 4, subject: 'Re: Card' })
  })

  it('is refused for everything at once, while a part is being sent, and where you see nothing', async () => {
    const { first, second, id } = await twoMatters()
    expect((await split(id, first.messageId)).body.error.code).toBe('everything')
    await base.db.pool.query(`update delivery set state = 'sending' where conversation_id = $1`, [id])
    expect((await split(id, second.messageId)).body.error.code).toBe('stillSending')
    const stranger = await signedIn(server, { inboxes: [await createInbox(base.db.pool)] })
    expect((await split(id, second.messageId, stranger)).status).toBe(404)
    const other = await received('Elsewhere', { subject: 'Else' })
    expect((await split(id, other.messageId)).status).toBe(404)
    expect(await texts(id)).toHaveLength(3)
  })
})
