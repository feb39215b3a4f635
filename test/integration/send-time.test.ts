import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { SendRequest } from '../../src/channel/contract.ts'
import type { DeliveryWorker, DeliveryWorkerOptions } from '../../src/delivery/worker.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say, startWorker } from '../support/delivery-ground.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
let worker: DeliveryWorker | undefined
const db = () => ground.db

beforeAll(async () => {
  ground = await testDatabase()
})
afterEach(async () => {
  await worker?.stop()
  worker = undefined
})
afterAll(() => ground.close())

const times = { leaseMs: 2_400, deadlineMs: 800 }

interface Sending {
  readonly startedAt: number
  /** Ends the send well. */
  finish(): void
  /** ms after its start; undefined: nobody gave it up yet. */
  abortedAfter: number | undefined
}

/** One reply whose platform takes bytes all the time while `takes` says so. */
async function sending(takes: () => boolean, options: DeliveryWorkerOptions = {}) {
  const channel = scriptedChannel()
  const calls: Sending[] = []
  channel.script = (request: SendRequest, signal) => {
    const startedAt = performance.now()
    return new Promise((resolve, reject) => {
      const bytes = setInterval(() => takes() && request.alive?.(), 25)
      const end = () => {
        clearInterval(bytes)
        resolve({ externalId: `x${request.deliveryId}` })
      }
      const call: Sending = { startedAt, finish: end, abortedAfter: undefined }
      calls.push(call)
      signal.addEventListener('abort', () => {
        clearInterval(bytes)
        call.abortedAfter = performance.now() - startedAt
        reject(new Error('given up'))
      })
    })
  }
  const conversation = await createConversation(db().pool)
  await say(db(), channel, conversation.id, { text: 'one' })
  worker = startWorker(db(), channel, { ...times, ...options })
  const call = await eventually(() => calls[0] ?? null)
  const delivery = async () => {
    const [row] = await deliveriesIn(db(), conversation.id)
    if (!row) throw new Error('no delivery')
    return row
  }
  return { call, calls, delivery }
}

it('gives a send time as long as the platform takes bytes, beyond its first lease, and nobody takes it for dead', async () => {
  const { call, calls, delivery } = await sending(() => true)
  await eventually(() => performance.now() - call.startedAt > times.leaseMs * 1.5, { timeoutMs: 10_000 })
  expect((await delivery()).state).toBe('sending')
  call.finish()
  await eventually(async () => expect((await delivery()).state).toBe('sent'))
  expect(await delivery()).toMatchObject({ attempt: 1, failures: 0 })
  expect(calls).toHaveLength(1)
})

it('ends a send that stalls as soon as one that never answered', async () => {
  let takes = true
  const { call, delivery } = await sending(() => takes)
  await eventually(() => performance.now() - call.startedAt > times.leaseMs, { timeoutMs: 10_000 })
  takes = false
  const stalled = performance.now() - call.startedAt
  await eventually(async () => expect((await delivery()).state).toBe('uncertain'))
  expect(call.abortedAfter).toBeLessThan(stalled + times.deadlineMs * 2)
})

it('ends a send that drips without end', async () => {
  const { call, delivery } = await sending(() => true, { longestMs: 1_500 })
  await eventually(async () => expect((await delivery()).state).toBe('uncertain'))
  expect(call.abortedAfter).toBeGreaterThan(1_400)
  expect(call.abortedAfter).toBeLessThan(1_500 + times.deadlineMs)
})

it('gives up a send whose lease somebody else has ended, before that one may send again', async () => {
  const { call, delivery } = await sending(() => true)
  await db().pool.query(`update delivery set lease_until = now() - interval '1 s' where id = $1`, [
    (await delivery()).id,
  ])
  await eventually(() => call.abortedAfter !== undefined)
  expect(call.abortedAfter).toBeLessThan(times.deadlineMs)
  await eventually(async () => expect((await delivery()).state).toBe('uncertain'))
})

it('gives nobody more time once the process wants to end', async () => {
  const { call, delivery } = await sending(() => true)
  const asked = performance.now()
  await worker?.stop()
  expect(performance.now() - asked).toBeLessThan(times.deadlineMs * 3)
  expect(call.abortedAfter).toBeGreaterThan(0)
  expect((await delivery()).state).toBe('uncertain')
})
