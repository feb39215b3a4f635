import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Author } from '../../src/delivery/reply-input.ts'
import { ReplyConflict, type ReplyRejected } from '../../src/delivery/reply-input.ts'
import { deliveriesOf } from '../../src/store/delivery.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say } from '../support/delivery-ground.ts'
import {
  createAgent,
  createConversation,
  createMessage,
  createThread,
  type MadeConversation,
} from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
const channel = scriptedChannel()
const letters = scriptedChannel({ pace: 'letters' })

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

const asAgent = (id: string): Author => ({ type: 'agent', id, priority: 'person' })
const one = async (sql: string, ...values: unknown[]) => (await db().pool.query(sql, values)).rows[0]
const conversationRow = (conversation: MadeConversation) =>
  one('select * from conversation where id = $1', conversation.id)
const version = async (conversation: MadeConversation) => Number((await conversationRow(conversation)).version)
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('reply', () => {
  it('stores one message, a delivery for each part, the summary and one feed entry', async () => {
    const agent = await createAgent(db().pool)
    const conversation = await createConversation(db().pool)
    await createMessage(db().pool, conversation)
    await db().pool.query('update conversation set waiting_since = now() where id = $1', [conversation.id])
    const before = await version(conversation)
    const result = await say(db(), channel, conversation.id, { text: '**one**\n---\ntwo', author: asAgent(agent) })
    expect(result.created).toBe(true)
    const deliveries = await deliveriesOf(db().pool, [result.messageId])
    expect(deliveries.map((d) => [d.part, d.state])).toEqual([
      [0, 'pending'],
      [1, 'pending'],
    ])
    const message = await one('select * from message where id = $1', result.messageId)
    expect(message).toMatchObject({
      seq: '2',
      direction: 'out',
      sender_type: 'agent',
      sender_agent_id: agent,
      text: '**one**\n---\ntwo',
    })
    expect(await conversationRow(conversation)).toMatchObject({
      status: 'waiting',
      last_seq: '2',
      message_count: '2',
      preview: '**one** two',
      preview_direction: 'out',
      waiting_since: null,
      version: String(before + 1),
    })
    expect(
      await one(
        `select count(*)::int as n from feed where message_id = $1 and kind = 'message.created' and version = $2`,
        result.messageId,
        before + 1,
      ),
    ).toEqual({ n: 1 })
    expect(await one('select kind, actor, data from activity where conversation_id = $1', conversation.id)).toEqual({
      kind: 'statusChanged',
      actor: `agent:${agent}`,
      data: { from: 'open', to: 'waiting' },
    })
  })

  it('is one message however often and however parallel the same client id comes', async () => {
    const conversation = await createConversation(db().pool)
    const clientId = randomUUID()
    const results = await Promise.all(
      Array.from({ length: 6 }, () => say(db(), channel, conversation.id, { text: 'once', clientId })),
    )
    expect(new Set(results.map((result) => result.messageId)).size).toBe(1)
    expect(results.filter((result) => result.created)).toHaveLength(1)
    expect(await deliveriesIn(db(), conversation.id)).toHaveLength(1)
  })

  it('does not give the same client id to a message of another conversation', async () => {
    const [a, b] = [await createConversation(db().pool), await createConversation(db().pool)]
    const clientId = randomUUID()
    await say(db(), channel, a.id, { text: 'once', clientId })
    expect(await refusal(say(db(), channel, b.id, { text: 'once', clientId }))).toMatchObject({ code: 'clientIdTaken' })
    const outcomes = await Promise.all(
      [a, b].map((where) =>
        say(db(), channel, where.id, { text: 'x', clientId: '7b6b2d4e-0000-4000-8000-000000000001' }).then(
          () => 'sent',
          (e) => e.code,
        ),
      ),
    )
    expect(outcomes.sort()).toEqual(['clientIdTaken', 'sent'])
  })

  it('keeps a note among agents: nothing is delivered and no status changes', async () => {
    const conversation = await createConversation(db().pool)
    const result = await say(db(), channel, conversation.id, { text: 'between us', kind: 'note' })
    expect(await deliveriesOf(db().pool, [result.messageId])).toEqual([])
    expect(await conversationRow(conversation)).toMatchObject({ status: 'open', last_seq: '1', preview: '' })
    expect(await one('select direction from message where id = $1', result.messageId)).toEqual({ direction: 'note' })
  })

  it('changes neither status nor waiting when the bot or the system speaks', async () => {
    const conversation = await createConversation(db().pool)
    await db().pool.query('update conversation set waiting_since = now() where id = $1', [conversation.id])
    await say(db(), channel, conversation.id, { text: 'hello', author: { type: 'bot', priority: 'bot' } })
    await say(db(), channel, conversation.id, { text: 'we are closed', author: { type: 'system', priority: 'notice' } })
    expect((await conversationRow(conversation)).status).toBe('open')
    expect((await conversationRow(conversation)).waiting_since).not.toBeNull()
    const { rows } = await db().pool.query('select priority from delivery where conversation_id = $1 order by id', [
      conversation.id,
    ])
    expect(rows.map((row) => row.priority)).toEqual([1, 2])
  })

  it('removes the draft it was written in, and nobody else’s', async () => {
    const [me, other] = [await createAgent(db().pool), await createAgent(db().pool)]
    const conversation = await createConversation(db().pool)
    for (const agent of [me, other]) {
      await db().pool.query(`insert into draft (conversation_id, agent_id, kind, text) values ($1, $2, 'reply', 'x')`, [
        conversation.id,
        agent,
      ])
    }
    await say(db(), channel, conversation.id, { text: 'done', author: asAgent(me) })
    expect(
      (await db().pool.query('select agent_id from draft where conversation_id = $1', [conversation.id])).rows,
    ).toEqual([{ agent_id: other }])
  })

  it('leaves by the thread of what it answers, else by the one the customer wrote in last', async () => {
    const conversation = await createConversation(db().pool)
    const first = await createMessage(db().pool, conversation, { externalId: 'p1' })
    const elsewhere = await createThread(db().pool, { inboxId: conversation.inboxId })
    await createMessage(db().pool, { ...conversation, threadId: elsewhere }, { externalId: 'p2' })
    await say(db(), channel, conversation.id, { text: 'to the newest' })
    await say(db(), channel, conversation.id, { text: 'to the first', replyTo: first })
    const { rows } = await db().pool.query(
      'select thread_id, reply_to from delivery where conversation_id = $1 order by id',
      [conversation.id],
    )
    expect(rows).toEqual([
      { thread_id: elsewhere, reply_to: null },
      { thread_id: conversation.threadId, reply_to: 'p1' },
    ])
  })

  it('stores no NUL and no half characters, which the database could not hold', async () => {
    const conversation = await createConversation(db().pool)
    const result = await say(db(), channel, conversation.id, { text: 'a\0b \ud83d c' })
    expect(await one('select text from message where id = $1', result.messageId)).toEqual({ text: 'ab \ufffd c' })
  })
})

describe('what cannot be sent', () => {
  it('is refused with a code and a sentence', async () => {
    const [a, b] = [await createConversation(db().pool), await createConversation(db().pool)]
    const foreign = await createMessage(db().pool, b)
    const codes = await Promise.all(
      [
        say(db(), channel, a.id, { text: '  \n ' }),
        say(db(), channel, '999999999', { text: 'x' }),
        say(db(), channel, a.id, { text: 'x', replyTo: foreign }),
        say(db(), channel, a.id, { text: 'x', attachmentFileIds: ['999999999'] }),
      ].map(async (work) => ((await refusal(work)) as ReplyRejected).code),
    )
    expect(codes).toEqual(['empty', 'unknownConversation', 'unknownReplyTo', 'unknownFile'])
    expect(await deliveriesIn(db(), a.id)).toEqual([])
  })

  it('includes files that somebody else uploaded or that are too large', async () => {
    const conversation = await createConversation(db().pool)
    const file = async (owner: string, size: number) =>
      (
        await one(
          `insert into file (sha256, size, type, name, owner) values ('x', $2, 'image/png', 'a.png', $1) returning id`,
          owner,
          size,
        )
      ).id
    const send = (id: string) => say(db(), channel, conversation.id, { text: 'x', attachmentFileIds: [id] })
    expect(await refusal(send(await file('agent:77', 10)))).toMatchObject({ code: 'unknownFile' })
    expect(await refusal(send(await file('token:1', 6_000_000)))).toMatchObject({ code: 'tooLarge' })
    const { messageId } = await send(await file('token:1', 10))
    expect(await one('select name, state, size from attachment where message_id = $1', messageId)).toEqual({
      name: 'a.png',
      state: 'stored',
      size: '10',
    })
  })
})

describe('a reply based on what has changed', () => {
  const based = async (
    conversation: MadeConversation,
    agent: string,
    wish: { basedOn: number; force?: boolean },
    how = channel,
  ) => refusal(say(db(), how, conversation.id, { text: 'mine', author: asAgent(agent), ...wish }))

  it('is refused when a colleague replied since, unless it is forced', async () => {
    const [me, other] = [await createAgent(db().pool), await createAgent(db().pool)]
    const conversation = await createConversation(db().pool)
    const basedOn = await version(conversation)
    await say(db(), channel, conversation.id, { text: 'theirs', author: asAgent(other) })
    const conflict = (await based(conversation, me, { basedOn })) as ReplyConflict
    expect(conflict).toBeInstanceOf(ReplyConflict)
    expect(conflict.causes).toContain('reply')
    expect(await based(conversation, me, { basedOn, force: true })).toBeNull()
  })

  it('goes when only I changed something, or colleagues only wrote notes', async () => {
    const [me, other] = [await createAgent(db().pool), await createAgent(db().pool)]
    const conversation = await createConversation(db().pool)
    const basedOn = await version(conversation)
    await say(db(), channel, conversation.id, { text: 'mine', author: asAgent(me) })
    await say(db(), channel, conversation.id, { text: 'a note', kind: 'note', author: asAgent(other) })
    await say(db(), channel, conversation.id, { text: 'a bot', author: { type: 'bot', priority: 'bot' } })
    expect(await based(conversation, me, { basedOn })).toBeNull()
  })

  it('is refused when somebody else changed status, assignee or team', async () => {
    const me = await createAgent(db().pool)
    for (const [kind, actor, cause] of [
      ['statusChanged', 'agent:999', 'status'],
      ['assigned', 'agent:999', 'assignee'],
      ['teamChanged', 'router', 'team'],
      ['statusChanged', 'contact', null],
      ['statusChanged', 'system', null],
      ['statusChanged', `agent:${me}`, null],
      ['tagsChanged', 'agent:999', null],
    ] as const) {
      const conversation = await createConversation(db().pool)
      await db().pool.query('update conversation set version = 2 where id = $1', [conversation.id])
      await db().pool.query(
        'insert into activity (conversation_id, version, after_seq, kind, actor) values ($1, 2, 0, $2, $3)',
        [conversation.id, kind, actor],
      )
      const outcome = await based(conversation, me, { basedOn: 1 })
      expect(outcome === null ? null : (outcome as ReplyConflict).causes).toEqual(cause === null ? null : [cause])
    }
  })

  it('is refused after a customer’s message only where letters are exchanged', async () => {
    const me = await createAgent(db().pool)
    const conversation = await createConversation(db().pool)
    const basedOn = await version(conversation)
    const messageId = await createMessage(db().pool, conversation)
    await db().pool.query('update message set version = $2 where id = $1', [messageId, await version(conversation)])
    expect(await based(conversation, me, { basedOn }, letters)).toMatchObject({ causes: ['customer'] })
    expect(await based(conversation, me, { basedOn })).toBeNull()
  })
})

describe('what the writer of a reply has read', () => {
  const mark = async (conversationId: string, agentId: string) => {
    const where = 'conversation_id = $1 and agent_id = $2'
    const { rows } = await db().pool.query(`select seq::int from read_mark where ${where}`, [conversationId, agentId])
    return rows[0]?.seq
  }

  it('is everything, their own words too', async () => {
    const me = await createAgent(db().pool)
    const conversation = await createConversation(db().pool)
    await createMessage(db().pool, conversation)
    await say(db(), channel, conversation.id, { text: 'mine', author: asAgent(me) })
    expect(await mark(conversation.id, me)).toBe(2)
  })

  it('ends before what came while they were writing', async () => {
    const me = await createAgent(db().pool)
    const conversation = await createConversation(db().pool)
    const next = async () => {
      const id = await createMessage(db().pool, conversation)
      await db().pool.query('update message set version = $2 where id = $1', [id, await version(conversation)])
    }
    await next()
    const basedOn = await version(conversation)
    await next()
    await next()
    await say(db(), channel, conversation.id, { text: 'mine', basedOn, author: asAgent(me) })
    expect(await mark(conversation.id, me)).toBe(1)
  })
})
