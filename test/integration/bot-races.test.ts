import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reply } from '../../src/delivery/reply.ts'
import { changeConversation } from '../../src/store/conversation-change.ts'
import { stockedDesk } from '../support/bot-desk.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent } from '../support/factories.ts'

let ground: TestDatabase
let desk: Awaited<ReturnType<typeof stockedDesk>>
const db = () => ground.db
const question = 'I forgot my password'

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
beforeEach(async () => {
  desk = await stockedDesk(db())
})

const sweep = () => desk.bot.tasks[0]!.run()
const expire = () => db().pool.query(`update bot_turn set deadline = now() - interval '1 ms' where outcome = 'asked'`)
const asked = async (text = question) => {
  await desk.receive(desk.say(text))
  await desk.routeAll()
  const [job] = await desk.claim()
  return job!
}
const outcomes = async () => (await desk.turns()).map((turn) => turn.outcome)
const byAgent = async (text: string) => {
  const id = await createAgent(db().pool, { role: 'admin' })
  const { id: conversationId } = await desk.conversation()
  return reply(desk.context, {
    conversationId,
    author: { type: 'agent', id, priority: 'person' },
    kind: 'reply',
    text,
    attachmentFileIds: [],
    clientId: crypto.randomUUID(),
  })
}

describe('an answer that comes late is dropped', () => {
  it('pain 47: when its deadline passed before anybody looked: people have the case, and are told of it', async () => {
    const job = await asked()
    await expire()
    await desk.run(job)
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', team_id: desk.teamId, assignee_id: null })
    await desk.work()
    expect(await desk.spoken()).toEqual([expect.stringMatching(/^I am a bot\.\n\nThis is for a person/)])
    expect(await desk.one(`select count(*)::int as n from assignment where until is null`)).toEqual({ n: 1 })
  })

  it('when the sweep gave the case to people while it was thinking', async () => {
    const job = await asked()
    const current = desk.bot.knowledge.current
    desk.bot.knowledge.current = async () => {
      await expire()
      await sweep()
      return current()
    }
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    expect(await outcomes()).toEqual(['handedOver'])
    await desk.work()
    expect(await desk.spoken()).toHaveLength(1)
  })

  it('when its deadline passed while it was thinking, although no sweep came by', async () => {
    const job = await asked()
    const current = desk.bot.knowledge.current
    desk.bot.knowledge.current = async () => {
      await expire()
      return current()
    }
    await desk.run(job)
    expect(await outcomes()).toEqual(['handedOver'])
    expect(await desk.conversation()).toMatchObject({ holder: 'queue' })
  })
})

describe('whoever dies while answering', () => {
  it('leaves the case to the sweep, which gives it to people once', async () => {
    await asked()
    await sweep()
    expect(await outcomes()).toEqual(['asked'])
    await expire()
    await Promise.all([sweep(), sweep(), sweep()])
    expect(await outcomes()).toEqual(['handedOver'])
    expect(
      await desk.all(
        `select data ->> 'reason' as reason from activity where kind = 'botHandedOver'
        and conversation_id = $1`,
        (await desk.conversation()).id,
      ),
    ).toEqual([{ reason: 'late' }])
  })
})

describe('what was said meanwhile', () => {
  it('is answered together with what it followed, by one answer', async () => {
    const job = await asked('Hello,')
    await desk.receive(desk.say(question))
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    await desk.work()
    expect(await desk.spoken()).toHaveLength(1)
    expect(await outcomes()).toEqual(['dropped', 'answered'])
  })

  it('by an agent takes the case from the bot', async () => {
    const job = await asked()
    await byAgent('Let me see.')
    expect(await desk.conversation()).toMatchObject({ holder: 'queue', status: 'waiting' })
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    expect(await outcomes()).toEqual(['dropped'])
    expect(await desk.ask('how do I withdraw bitcoin')).toEqual([])
  })

  it('by an agent right after the hand-over makes the bot’s last word needless', async () => {
    const job = await asked('I want to talk to a human')
    await desk.run(job)
    await byAgent('Here I am.')
    await desk.work()
    expect(await desk.spoken()).toEqual([])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['an agent answers', () => byAgent('Let me see.')],
    ['the customer says more', () => desk.receive(desk.say('and one thing more'))],
    ['somebody resolves it', () => db().pool.query(`update conversation set status = 'resolved', resolved_at = now()`)],
  ])('while it thinks, because %s, is not talked over', async (_what, happens) => {
    const job = await asked()
    const current = desk.bot.knowledge.current
    desk.bot.knowledge.current = async () => {
      await happens()
      return current()
    }
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    expect(await outcomes()).toEqual(['dropped'])
  })

  it('a note takes nothing from it', async () => {
    const job = await asked()
    const { id: conversationId } = await desk.conversation()
    const id = await createAgent(db().pool, { role: 'admin' })
    await reply(desk.context, {
      conversationId,
      author: { type: 'agent', id, priority: 'person' },
      kind: 'note',
      text: 'watching',
      attachmentFileIds: [],
      clientId: crypto.randomUUID(),
    })
    await desk.run(job)
    expect(await outcomes()).toEqual(['answered'])
  })

  it('to somebody it was assigned to: the answer is dropped', async () => {
    const job = await asked()
    const agentId = await createAgent(db().pool, { role: 'admin' })
    const { id, inbox_id } = await desk.conversation()
    const changed = await changeConversation(db(), {
      conversationId: id,
      who: { agentId, inboxIds: [inbox_id], teamIds: [], seesOrphans: true },
      actor: `agent:${agentId}`,
      patch: { assigneeId: agentId },
      force: false,
      now: desk.now(),
    })
    expect(changed).toEqual({ kind: 'changed' })
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    expect(await desk.conversation()).toMatchObject({ holder: 'agent', assignee_id: agentId })
  })

  it('and resolved: nothing is said after the end', async () => {
    const job = await asked()
    await db().pool.query(`update conversation set status = 'resolved', resolved_at = now() where inbox_id = $1`, [
      desk.inboxId,
    ])
    await desk.run(job)
    expect(await desk.spoken()).toEqual([])
    expect(await outcomes()).toEqual(['dropped'])
  })
})

describe('what goes wrong', () => {
  it('while it thinks: people have it at once', async () => {
    const job = await asked()
    desk.bot.knowledge.current = () => Promise.reject(new Error('broken'))
    await desk.run(job)
    expect(await outcomes()).toEqual(['handedOver'])
    expect(
      await desk.one('select reason from bot_turn where outcome = $1 order by message_id desc limit 1', 'handedOver'),
    ).toEqual({ reason: 'failed' })
  })

  it('when the customer said stop while it thought: people have it, and nothing is said', async () => {
    const job = await asked()
    await db().pool.query(`update identity set automation_stopped_at = now(), automation_stopped_by = null`)
    await desk.run(job)
    await desk.work()
    expect(await desk.spoken()).toEqual([])
    expect(await desk.conversation()).toMatchObject({ holder: 'queue' })
  })
})
