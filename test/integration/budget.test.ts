import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ChannelError } from '../../src/channel/errors.ts'
import type { DeliveryWorker } from '../../src/delivery/worker.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say, startWorker } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createInbox, createThread } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
let worker: DeliveryWorker | undefined
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(async () => {
  await worker?.stop()
  await db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`)
})
afterAll(() => ground.close())

const limited = (scope: 'thread' | 'inbox', retryAfterMs: number) => {
  throw new ChannelError({ kind: 'rateLimited', retryAfterMs, scope }, 'Too many.')
}

describe('a platform that says "too many"', () => {
  it('is given the time it asked for, and no failure is counted', async () => {
    const channel = scriptedChannel()
    const at: number[] = []
    channel.script = (request) => {
      at.push(performance.now())
      return at.length === 1 ? limited('thread', 400) : { externalId: `x${request.deliveryId}` }
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    worker = startWorker(db(), channel, { pollMs: 20 })
    await eventually(() => expect(channel.accepted).toEqual(['one']))
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(395)
    expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({ failures: 0, attempt: 2 })
  })

  it('in one place does not stop the others, nor another inbox', async () => {
    const channel = scriptedChannel()
    const refused = new Set<string>()
    channel.script = (request) => {
      if (request.part.text.startsWith('room') && !refused.has('room')) {
        refused.add('room')
        return limited('thread', 700)
      }
      return { externalId: `x${request.deliveryId}` }
    }
    const inboxId = await createInbox(db().pool)
    const place = async (name: string) =>
      createConversation(db().pool, { threadId: await createThread(db().pool, { inboxId, place: name }) })
    const [room1, room2, other] = [await place('room'), await place('room'), await place('elsewhere')]
    await say(db(), channel, room1.id, { text: 'room 1' })
    worker = startWorker(db(), channel, { pollMs: 20 })
    await eventually(() => expect(channel.calls).toHaveLength(1))
    await eventually(async () => expect((await deliveriesIn(db(), room1.id))[0]?.state).toBe('pending'))
    await say(db(), channel, room2.id, { text: 'room 2' })
    await say(db(), channel, other.id, { text: 'elsewhere' })
    await eventually(() => expect(channel.accepted).toHaveLength(3))
    expect(channel.accepted[0]).toBe('elsewhere')
    expect(channel.calls.filter((call) => call.text.startsWith('room'))).toHaveLength(3)
  })

  it('in one place: the person refused there goes before what the bot said meanwhile', async () => {
    const channel = scriptedChannel()
    let free = false
    channel.script = (request) => (free ? { externalId: `x${request.deliveryId}` } : limited('thread', 600))
    const inboxId = await createInbox(db().pool)
    const inPlace = async () =>
      createConversation(db().pool, { threadId: await createThread(db().pool, { inboxId, place: 'direct messages' }) })
    const [person, bot] = [await inPlace(), await inPlace()]
    await say(db(), channel, person.id, { text: 'person' })
    worker = startWorker(db(), channel, { perInbox: 1, pollMs: 5 })
    await eventually(async () => expect((await deliveriesIn(db(), person.id))[0]?.failure).toBe('rateLimited'))
    await say(db(), channel, bot.id, { text: 'bot', author: { type: 'bot', priority: 'bot' } })
    free = true
    await eventually(() => expect(channel.accepted).toHaveLength(2))
    expect(channel.accepted).toEqual(['person', 'bot'])
  })

  it('to all of an inbox: it is shared out person, bot, notice, and round and round between threads', async () => {
    const channel = scriptedChannel()
    let free = false
    channel.script = (request) => (free ? { externalId: `x${request.deliveryId}` } : limited('inbox', 300))
    const inboxId = await createInbox(db().pool)
    const conversations = [
      await createConversation(db().pool, { inboxId }),
      await createConversation(db().pool, { inboxId }),
      await createConversation(db().pool, { inboxId }),
    ]
    const [a, b, c] = conversations.map((conversation) => conversation.id)
    await say(db(), channel, c!, { text: 'notice', author: { type: 'system', priority: 'notice' } })
    worker = startWorker(db(), channel, { perInbox: 1, pollMs: 20 })
    await eventually(async () =>
      expect(
        (await db().pool.query('select paused_until from inbox where id = $1', [inboxId])).rows[0].paused_until,
      ).not.toBeNull(),
    )
    await say(db(), channel, b!, { text: 'bot', author: { type: 'bot', priority: 'bot' } })
    for (const text of ['a1', 'a2', 'a3']) await say(db(), channel, a!, { text })
    const d = await createConversation(db().pool, { inboxId })
    for (const text of ['d1', 'd2']) await say(db(), channel, d.id, { text })
    free = true
    await eventually(() => expect(channel.accepted).toHaveLength(7))
    expect(channel.accepted).toEqual(['a1', 'd1', 'a2', 'd2', 'a3', 'bot', 'notice'])
  })
})

describe('an inbox whose platform hangs', () => {
  it('takes its own places only', async () => {
    const channel = scriptedChannel()
    const release: (() => void)[] = []
    channel.script = async (request) => {
      if (request.part.text === 'hangs') await new Promise<void>((resolve) => release.push(resolve))
      return { externalId: `x${request.deliveryId}` }
    }
    const hanging = await createInbox(db().pool)
    for (let n = 0; n < 5; n++)
      await say(db(), channel, (await createConversation(db().pool, { inboxId: hanging })).id, { text: 'hangs' })
    worker = startWorker(db(), channel, { perInbox: 2, total: 4, pollMs: 20 })
    await eventually(() => expect(release).toHaveLength(2))
    await say(db(), channel, (await createConversation(db().pool)).id, { text: 'goes' })
    await eventually(() => expect(channel.accepted).toEqual(['goes']), { timeoutMs: 1_000 })
    expect(release).toHaveLength(2)
    const letGo = setInterval(
      () =>
        release.splice(0).forEach((go) => {
          go()
        }),
      10,
    )
    await eventually(() => expect(channel.accepted).toHaveLength(6))
    clearInterval(letGo)
  })
})
