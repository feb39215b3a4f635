import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EditRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { DeliveryWorker, DeliveryWorkerOptions } from '../../src/delivery/worker.ts'
import { deliveriesOf, insertDeliveries } from '../../src/store/delivery.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say, startWorker, statesIn } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, createInbox } from '../support/factories.ts'
import { type ScriptedChannel, scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
let worker: DeliveryWorker | undefined
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending')`)
})
afterAll(() => ground.close())

const work = (channel: ScriptedChannel, options: DeliveryWorkerOptions = {}) => {
  worker = startWorker(db(), channel, options)
}
const refuse = (failure: ChannelError['failure'], message = 'No.') => {
  throw new ChannelError(failure, message)
}

describe('delivering', () => {
  it('sends the parts of a message one after another and keeps the platform’s ids', async () => {
    const channel = scriptedChannel()
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one\n---\ntwo\n---\nthree' })
    work(channel)
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'sent', 'sent']))
    expect(channel.accepted).toEqual(['one', 'two', 'three'])
    const rows = await deliveriesIn(db(), conversation.id)
    expect(rows.map((row) => row.external_id)).toEqual(rows.map((row) => `x${row.id}`))
  })

  it('keeps the order of a thread while an earlier delivery waits for its retry', async () => {
    const channel = scriptedChannel()
    let refused = 0
    channel.script = (request) => {
      if (request.part.text === 'first' && refused++ < 2) return refuse({ kind: 'unavailable' })
      return { externalId: `x${request.deliveryId}` }
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'first' })
    await say(db(), channel, conversation.id, { text: 'second' })
    work(channel, { pollMs: 50 })
    await eventually(() => expect(channel.accepted).toEqual(['first', 'second']))
    expect(channel.calls.map((call) => call.text)).toEqual(['first', 'first', 'first', 'second'])
  })

  it('does not let a thread that hangs delay the others', async () => {
    const channel = scriptedChannel()
    const release: (() => void)[] = []
    channel.script = async (request) => {
      if (request.part.text === 'hangs') await new Promise<void>((resolve) => release.push(resolve))
      return { externalId: `x${request.deliveryId}` }
    }
    const inboxId = await createInbox(db().pool)
    const slow = await createConversation(db().pool, { inboxId })
    const quick = await createConversation(db().pool, { inboxId })
    await say(db(), channel, slow.id, { text: 'hangs' })
    work(channel)
    await eventually(() => expect(channel.calls).toHaveLength(1))
    const asked = performance.now()
    await say(db(), channel, quick.id, { text: 'goes' })
    await eventually(() => expect(channel.accepted).toEqual(['goes']))
    expect(performance.now() - asked).toBeLessThan(1_000)
    release.forEach((go) => {
      go()
    })
  })

  it('has one delivery of a thread in flight, though two workers race for it', async () => {
    const channel = scriptedChannel()
    let inFlight = 0
    let most = 0
    channel.script = async (request) => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= 1
      return { externalId: `x${request.deliveryId}` }
    }
    const conversation = await createConversation(db().pool)
    const texts = Array.from({ length: 30 }, (_, n) => `m${n}`)
    for (const text of texts) await say(db(), channel, conversation.id, { text })
    work(channel, { pollMs: 5 })
    const second = startWorker(db(), channel, { pollMs: 5 })
    await eventually(() => expect(channel.accepted).toHaveLength(30))
    await second.stop()
    expect(most).toBe(1)
    expect(channel.accepted).toEqual(texts)
  })

  it('says why the platform refused, and holds the later parts of that message only', async () => {
    const channel = scriptedChannel()
    channel.script = (request) =>
      request.part.text === 'bad'
        ? refuse({ kind: 'rejected', reason: 'blocked' }, 'They blocked us.')
        : { externalId: request.part.text }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'bad\n---\nrest' })
    await say(db(), channel, conversation.id, { text: 'next message' })
    work(channel)
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['failed', 'held', 'sent']))
    const [failed, held] = await deliveriesIn(db(), conversation.id)
    expect(failed).toMatchObject({ failure: 'blocked', reason: 'They blocked us.' })
    expect(held?.held_reason).toBe('earlierPart')
  })

  it('holds an inbox whose credentials are refused, without losing what waits', async () => {
    const channel = scriptedChannel()
    let allowed = false
    channel.script = (request) =>
      allowed ? { externalId: `x${request.deliveryId}` } : refuse({ kind: 'auth' }, 'The token was revoked.')
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel, { pollMs: 20 })
    const health = async () =>
      (await db().pool.query('select health, health_error from inbox where id = $1', [conversation.inboxId])).rows[0]
    await eventually(async () =>
      expect(await health()).toEqual({ health: 'badCredentials', health_error: 'The token was revoked.' }),
    )
    await eventually(async () =>
      expect((await deliveriesIn(db(), conversation.id))[0]).toMatchObject({ state: 'pending', failures: 0 }),
    )
    const tries = channel.calls.length
    const { messageId } = await say(db(), channel, conversation.id, { text: 'two' })
    expect((await deliveriesOf(db().pool, [messageId]))[0]).toMatchObject({ state: 'held', reason: 'credentials' })
    allowed = true
    await db().pool.query(`update inbox set health = 'connected' where id = $1`, [conversation.inboxId])
    await eventually(() => expect(channel.accepted).toEqual(['one', 'two']))
    expect(channel.calls.length).toBe(tries + 2)
  })

  it('takes an error that is no ChannelError as "nobody knows"', async () => {
    const channel = scriptedChannel()
    channel.script = () => {
      throw new TypeError('token 12345 is not a function')
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel)
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['uncertain']))
    expect((await deliveriesIn(db(), conversation.id))[0]?.reason).not.toContain('12345')
  })

  it('tries again when the connection cannot be opened, since nothing was sent', async () => {
    const channel = scriptedChannel()
    let refused = 0
    channel.open = () => {
      if (refused++ === 0) throw new Error('a bug while opening')
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel, { pollMs: 50 })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    expect((await deliveriesIn(db(), conversation.id))[0]?.attempt).toBe(2)
  })

  it('stops waiting for an adapter that ignores its deadline', async () => {
    const channel = scriptedChannel()
    channel.script = () => new Promise(() => {})
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel, { leaseMs: 6_000, deadlineMs: 100 })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['uncertain']))
    expect(channel.calls[0]?.request.attempt).toBe(1)
  })

  it('waits on stop for what is under way and claims nothing more', async () => {
    const channel = scriptedChannel()
    let release = () => {}
    channel.script = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return { externalId: `x${request.deliveryId}` }
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one\n---\ntwo' })
    work(channel)
    await eventually(() => expect(channel.calls).toHaveLength(1))
    const stopped = worker?.stop()
    release()
    await stopped
    expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'pending'])
  })

  it('asks for the bookkeeping after a send in the same transaction, where the channel has any', async () => {
    const channel = scriptedChannel()
    channel.afterSent = async () => {}
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel)
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    const [row] = await deliveriesIn(db(), conversation.id)
    const { rows } = await db().pool.query(
      `select payload from job where kind = 'after-sent' and payload ->> 'deliveryId' = $1`,
      [row?.id],
    )
    expect(rows).toHaveLength(1)
  })

  it('sends edits in the order of their thread, and says when the channel cannot do a thing', async () => {
    const channel = scriptedChannel({ changes: 'rejected' })
    const conversation = await createConversation(db().pool)
    const { messageId } = await say(db(), channel, conversation.id, { text: 'one' })
    const { id, inboxId, threadId } = { ...conversation }
    const place = {
      inboxId,
      threadId,
      conversationId: id,
      messageId,
      place: 'x',
      priority: 'person',
      replyTo: null,
    } as const
    const payload = { text: 'two', length: 3, fileIds: [], payload: null, target: 'x1' }
    await insertDeliveries(db().pool, place, [
      { part: 0, payload, idempotencyKey: 'edit', operation: 'edit' },
      { part: 0, payload: { ...payload, reactions: ['👍'] }, idempotencyKey: 'react', operation: 'react' },
    ])
    work(channel)
    await eventually(async () => expect(await statesIn(db(), id)).toEqual(['sent', 'sent', 'failed']))
    expect(channel.calls.map((call) => [call.kind, (call.request as Partial<EditRequest>).externalId])).toEqual([
      ['send', undefined],
      ['edit', 'x1'],
    ])
    expect((await deliveriesIn(db(), id)).map((row) => row.failure)).toEqual([null, null, 'unsupported'])
  })
})
