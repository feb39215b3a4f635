import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ChannelError } from '../../src/channel/errors.ts'
import { deliver } from '../../src/delivery/deliver.ts'
import { confirmDeliveries, reapDeliveries } from '../../src/delivery/recover.ts'
import { resolveDelivery } from '../../src/delivery/resolve.ts'
import { settle } from '../../src/delivery/settle.ts'
import type { DeliveryWorker, DeliveryWorkerOptions } from '../../src/delivery/worker.ts'
import { type ClaimedDelivery, claimDeliveries, uncertainDeliveries } from '../../src/store/delivery-claim.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say, startWorker, statesIn } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation } from '../support/factories.ts'
import { noFiles, type ScriptedChannel, scriptedChannel, silent } from '../support/scripted-channel.ts'

let ground: TestDatabase
let worker: DeliveryWorker | undefined
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
  await db().pool.query(`update delivery set state = 'cancelled' where state in ('pending', 'sending', 'uncertain')`)
})
afterAll(() => ground.close())

const work = (channel: ScriptedChannel, options: DeliveryWorkerOptions = {}) => {
  worker = startWorker(db(), channel, options)
}
const lostAnswer = () => {
  throw new ChannelError({ kind: 'uncertain' }, 'The answer was lost.')
}
const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }
const claimOne = async (): Promise<ClaimedDelivery> => (await claimDeliveries(db().pool, wish))[0]!
const expire = (row: ClaimedDelivery) =>
  db().pool.query(`update delivery set lease_until = now() - interval '1 ms' where id = $1`, [row.id])
const contextOf = (channel: ScriptedChannel) => ({
  db: db(),
  connections: channel.connections,
  files: noFiles,
  log: silent,
  leaseMs: 30_000,
  deadlineMs: 20_000,
  longestMs: 60_000,
})

describe('a lost answer', () => {
  it('is asked about once and never sent again where the platform has no key', async () => {
    const channel = scriptedChannel()
    channel.script = (request) => (request.part.text === 'one' ? lostAnswer() : { externalId: request.part.text })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one\n---\nrest' })
    await say(db(), channel, conversation.id, { text: 'later message' })
    work(channel, { pollMs: 20 })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['uncertain', 'held', 'sent']))
    expect(channel.calls.map((call) => call.text)).toEqual(['one', 'later message'])
  })

  it('is repeated with the same key where the platform knows it', async () => {
    const channel = scriptedChannel({ idempotent: true })
    let lost = 0
    channel.script = (request) => (lost++ < 2 ? lostAnswer() : { externalId: `x${request.deliveryId}` })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel, { pollMs: 20 })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    expect(new Set(channel.calls.map((call) => call.request.idempotencyKey)).size).toBe(1)
    expect(channel.calls.map((call) => call.request.attempt)).toEqual([1, 2, 3])
  })

  it('is settled by asking the platform, which can only say "yes"', async () => {
    const channel = scriptedChannel({ confirm: true })
    channel.script = lostAnswer
    let asked = 0
    channel.confirmScript = (request) => (asked++ === 0 ? null : { externalId: `x${request.deliveryId}` })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    work(channel, { pollMs: 20 })
    await eventually(() => expect(asked).toBe(1))
    expect(await statesIn(db(), conversation.id)).toEqual(['uncertain'])
    await db().pool.query(`update delivery set due_at = now() where conversation_id = $1`, [conversation.id])
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    expect(channel.calls).toHaveLength(1)
  })
})

describe('what is looked for at the platform by its words', () => {
  it('is told from every other message of its thread', async () => {
    const channel = scriptedChannel({ confirm: true })
    let held = 'the first'
    channel.script = () => ({ externalId: held })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'ok' })
    work(channel, { pollMs: 20 })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    channel.script = lostAnswer
    channel.confirmScript = async (request) => {
      const found = ['the first', held]
      const known = await request.known(found)
      const [externalId] = found.filter((id) => !known.has(id))
      return externalId === undefined ? null : { externalId }
    }
    await say(db(), channel, conversation.id, { text: 'ok' })
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'uncertain']))
    expect(await confirmDeliveries(contextOf(channel))).toBe(0)
    held = 'the second'
    await db().pool.query(`update delivery set due_at = now() where conversation_id = $1`, [conversation.id])
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'sent']))
    const { rows } = await db().pool.query(`select external_id from delivery where conversation_id = $1 order by id`, [
      conversation.id,
    ])
    expect(rows.map((row) => row.external_id)).toEqual(['the first', 'the second'])
  })
})

describe('a process that died while it asked the platform', () => {
  it('leaves the question to others after its lease, however old the delivery is', async () => {
    const channel = scriptedChannel({ confirm: true })
    channel.script = lostAnswer
    channel.confirmScript = (request) => ({ externalId: `x${request.deliveryId}` })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    const row = await claimOne()
    await expire(row)
    await reapDeliveries(contextOf(channel))
    await db().pool.query(
      `update delivery set first_attempt_at = now() - interval '10 hours', due_at = now() where id = $1`,
      [row.id],
    )
    const died = await uncertainDeliveries(db().pool, { limit: 10, leaseMs: 100 })
    expect(died.map(({ id }) => id)).toEqual([row.id])
    await eventually(async () => expect(await confirmDeliveries(contextOf(channel))).toBe(1))
    expect(await statesIn(db(), conversation.id)).toEqual(['sent'])
  })
})

describe('a sender that died', () => {
  it('leaves an uncertain delivery where the platform has no key', async () => {
    const channel = scriptedChannel()
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one\n---\ntwo' })
    const row = await claimOne()
    expect(await reapDeliveries(contextOf(channel))).toBe(0)
    await expire(row)
    expect(await reapDeliveries(contextOf(channel))).toBe(1)
    expect(await statesIn(db(), conversation.id)).toEqual(['uncertain', 'held'])
  })

  it('leaves one that goes again where it has', async () => {
    const channel = scriptedChannel({ idempotent: true })
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    await expire(await claimOne())
    expect(await reapDeliveries(contextOf(channel))).toBe(1)
    expect(await statesIn(db(), conversation.id)).toEqual(['pending'])
  })

  it('does not keep its thread locked when the platform is down', async () => {
    const channel = scriptedChannel()
    channel.open = () => {
      throw new ChannelError({ kind: 'unavailable' }, 'Down.')
    }
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    await expire(await claimOne())
    expect(await reapDeliveries(contextOf(channel))).toBe(1)
    expect(await statesIn(db(), conversation.id)).toEqual(['uncertain'])
  })
})

describe('a worker that was stopped past its lease', () => {
  it('sends nothing when it wakes before the send', async () => {
    const channel = scriptedChannel()
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    const row = await claimOne()
    await expire(row)
    expect(await deliver(contextOf(channel), row)).toBeNull()
    expect(channel.calls).toEqual([])
  })

  it('sends nothing when too much of its lease was lost waiting for the database', async () => {
    const channel = scriptedChannel()
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    const row = await claimOne()
    // As if 9.5 of 10 seconds had gone by while the answer was on its way.
    expect(await deliver({ ...contextOf(channel), leaseMs: 21_000, deadlineMs: 20_000 }, row)).toBeNull()
    expect(channel.calls).toEqual([])
  })

  it('settles with its own receipt what was called uncertain meanwhile, unless it was sent anew', async () => {
    const channel = scriptedChannel()
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text: 'one' })
    const row = await claimOne()
    await expire(row)
    await reapDeliveries(contextOf(channel))
    const receipt = { state: 'sent', externalId: 'late', afterSent: false } as const
    expect(await settle(db(), { ...row, attempt: row.attempt + 1 }, receipt, 100)).toBe(false)
    expect(await settle(db(), row, receipt, 100)).toBe(true)
    expect(await statesIn(db(), conversation.id)).toEqual(['sent'])
  })
})

describe('an agent settles', () => {
  const uncertain = async (text: string) => {
    const channel = scriptedChannel()
    channel.script = lostAnswer
    const conversation = await createConversation(db().pool)
    await say(db(), channel, conversation.id, { text })
    work(channel, { pollMs: 20 })
    await eventually(async () => expect((await statesIn(db(), conversation.id))[0]).toBe('uncertain'))
    channel.script = (request) => ({ externalId: `x${request.deliveryId}` })
    const [first] = await deliveriesIn(db(), conversation.id)
    const resolve = (as: 'sent' | 'resend' | 'leave', id = first!.id) =>
      resolveDelivery(db(), { deliveryId: id, as, actor: 'agent:1' })
    return { channel, conversation, resolve }
  }

  it('as sent: the rest goes, this does not go again', async () => {
    const { channel, conversation, resolve } = await uncertain('one\n---\ntwo')
    expect((await resolve('sent')).kind).toBe('resolved')
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'sent']))
    expect(channel.calls.map((call) => call.text)).toEqual(['one', 'two'])
    expect(await resolve('resend')).toEqual({ kind: 'settled', state: 'sent' })
    const { rows } = await db().pool.query(
      `select kind, actor from activity where conversation_id = $1 and kind = 'deliveryResolved'`,
      [conversation.id],
    )
    expect(rows).toEqual([{ kind: 'deliveryResolved', actor: 'agent:1' }])
  })

  it('by sending it again: then the rest goes', async () => {
    const { channel, conversation, resolve } = await uncertain('one\n---\ntwo')
    await resolve('resend')
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent', 'sent']))
    expect(channel.accepted).toEqual(['one', 'two'])
  })

  it('by leaving it: nothing of the message goes any more, later messages do', async () => {
    const { channel, conversation, resolve } = await uncertain('one\n---\ntwo')
    await resolve('leave')
    await say(db(), channel, conversation.id, { text: 'next' })
    await eventually(async () =>
      expect(await statesIn(db(), conversation.id)).toEqual(['uncertain', 'cancelled', 'sent']),
    )
    const [first] = await deliveriesIn(db(), conversation.id)
    expect(first?.held_reason).toBe('left')
  })

  it('a failed one by sending it again, and nothing that does not exist', async () => {
    const { conversation, resolve } = await uncertain('one')
    await db().pool.query(`update delivery set state = 'failed' where conversation_id = $1`, [conversation.id])
    expect(await resolve('sent')).toEqual({ kind: 'settled', state: 'failed' })
    expect((await resolve('resend')).kind).toBe('resolved')
    await eventually(async () => expect(await statesIn(db(), conversation.id)).toEqual(['sent']))
    expect((await resolve('resend', '999999999')).kind).toBe('unknown')
  })
})
