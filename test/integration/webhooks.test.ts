import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWebhooks, type WebhookWorker } from '../../src/jobs/webhooks.ts'
import { type Sequencer, startSequencer } from '../../src/realtime/sequencer.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { webhookFetch } from '../../src/security/outbound-fetch.ts'
import { createSealer } from '../../src/security/seal.ts'
import { createWebhook, getWebhook, updateWebhook } from '../../src/store/webhook.ts'
import { claimWebhook, failWebhook, listAttempts, settleWebhook } from '../../src/store/webhook-delivery.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation, type MadeConversation } from '../support/factories.ts'
import { publish } from '../support/live-server.ts'

interface Received {
  readonly id: string
  readonly conversationId: string | null
  readonly version: number
  readonly kind: string
}

const log = pino({ level: 'silent' })
const sealer = createSealer('0123456789abcdef0123456789abcdef')
let test: TestDatabase
let sequencer: Sequencer
let conversations: MadeConversation[]
let receiver: Server
let url: string
/** What the receiver does with a request, by the number of requests so far. */
let answer: (n: number, event: Received) => number | 'cut'
let received: Received[]
let taken: Received[]
let seen: { headers: Record<string, unknown>; body: string }[]
/** Conversations with a request not answered yet, and requests that came in beside one. */
const open = new Set<string | null>()
const overlaps: Received[] = []
let slow = false
const workers: WebhookWorker[] = []

beforeAll(async () => {
  test = await testDatabase()
  sequencer = startSequencer({ db: test.db, log })
  conversations = await Promise.all([1, 2, 3].map(() => createConversation(test.db.pool)))
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = String(Buffer.concat(chunks))
      const event = JSON.parse(body) as Received
      seen.push({ headers: request.headers, body })
      received.push(event)
      const verdict = answer(received.length, event)
      if (verdict === 'cut' || verdict < 300) taken.push(event)
      if (open.has(event.conversationId)) overlaps.push(event)
      open.add(event.conversationId)
      const reply = () => {
        open.delete(event.conversationId)
        if (verdict === 'cut') request.socket.destroy()
        else response.writeHead(verdict, verdict === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('thanks')
      }
      // Slow enough for a second request to come in between, were one sent.
      if (slow) setTimeout(reply, 5)
      else reply()
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await sequencer.close()
  await test.close()
})
beforeEach(async () => {
  await test.db.pool.query('delete from webhook')
  answer = () => 200
  slow = false
  received = []
  taken = []
  seen = []
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close()
})

const start = (allow = ['127.0.0.1']) =>
  workers.push(
    startWebhooks({ db: test.db, sealer, log, firstDelayMs: 20, fetch: webhookFetch(parseOutboundAllow(allow)) }),
  )
const subscribe = (more: { url?: string; events?: string[] } = {}) =>
  createWebhook(test.db.pool, sealer, { url, events: [], createdBy: null, ...more })
let version = 0
async function touch(n: number): Promise<number[]> {
  const versions = Array.from({ length: n }, () => ++version)
  for (const v of versions) {
    await publish(test.db, { kind: 'conversation.updated', conversationId: conversations[v % 3]!.id, version: v })
  }
  return versions
}
const inOrder = (events: readonly Received[]) =>
  conversations.every(({ id }) => {
    const versions = events.filter((event) => event.conversationId === id).map((event) => event.version)
    return versions.every((v, i) => i === 0 || v > versions[i - 1]!)
  })
const settled = async (id: string) => {
  const hook = await getWebhook(test.db.pool, id)
  const { rows } = await test.db.pool.query(
    'select position, exists (select from feed where position is null) as unstamped from feed_head',
  )
  return !rows[0].unstamped && hook?.position === rows[0].position
}
const sorted = (events: readonly Received[]) => events.map((event) => event.version).sort((a, b) => a - b)

describe('outgoing webhooks', () => {
  it('tell each event once, in order per conversation, signed', async () => {
    const hook = await subscribe()
    start()
    const versions = await touch(60)
    await eventually(() => settled(hook.id))
    expect(sorted(received)).toEqual(versions)
    expect(inOrder(received)).toBe(true)
    const { headers, body } = seen[0]!
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-tributary-signature']))!
    expect(v1).toBe(createHmac('sha256', hook.secret).update(`${t}.${body}`).digest('hex'))
    expect(Math.abs(Number(t) - Date.now() / 1000)).toBeLessThan(60)
    expect(headers['x-tributary-event']).toBe('conversation.updated')
    const known = ['at', 'conversationId', 'id', 'inboxId', 'kind', 'messageId', 'position', 'version']
    expect(Object.keys(JSON.parse(body)).sort()).toEqual(known)
  })

  it('begin with what happens after they were made', async () => {
    await touch(3)
    await eventually(
      async () => (await test.db.pool.query('select 1 from feed where position is null')).rows.length === 0,
    )
    const hook = await subscribe()
    start()
    const versions = await touch(2)
    await eventually(() => settled(hook.id))
    expect(sorted(received)).toEqual(versions)
  })

  it('tell a receiver that was down everything once and in order when it is back', async () => {
    const hook = await subscribe()
    let down = true
    answer = () => (down ? 503 : 200)
    start()
    const versions = await touch(20)
    await eventually(() => received.length > 5)
    versions.push(...(await touch(20)))
    down = false
    await eventually(() => settled(hook.id), { timeoutMs: 15_000 })
    expect(sorted(taken)).toEqual(versions)
    expect(inOrder(taken)).toBe(true)
  })

  it('do not repeat what was answered when another event of the same window fails', async () => {
    const hook = await subscribe()
    const bad = new Set<string>()
    answer = (n, event) => {
      if (n % 3 !== 0 || bad.has(event.id)) return 200
      bad.add(event.id)
      return 500
    }
    start()
    const versions = await touch(30)
    await eventually(() => settled(hook.id), { timeoutMs: 15_000 })
    expect(bad.size).toBeGreaterThan(0)
    expect(sorted(taken)).toEqual(versions)
    expect(inOrder(taken)).toBe(true)
  })

  it('repeat an event with the same id after a lost answer, and only then', async () => {
    const hook = await subscribe()
    answer = (n) => (n === 1 ? 'cut' : 200)
    start()
    await touch(5)
    await eventually(() => settled(hook.id))
    expect(taken).toHaveLength(6)
    expect(new Set(taken.map((event) => event.id)).size).toBe(5)
    expect(taken.filter((event) => event.id === taken[0]!.id)).toHaveLength(2)
  })

  it('are told by one worker at a time, however many run', async () => {
    const hook = await subscribe()
    for (let i = 0; i < 3; i++) start()
    const versions = await touch(60)
    await eventually(() => settled(hook.id))
    expect(sorted(received)).toEqual(versions)
    expect(inOrder(received)).toBe(true)
  })

  it('wait for the answer before they tell the next of the same conversation', async () => {
    const hook = await subscribe()
    slow = true
    await touch(60)
    start()
    await eventually(() => settled(hook.id))
    expect(received).toHaveLength(60)
    expect(overlaps).toEqual([])
  })

  it('do not hold each other up', async () => {
    await subscribe({ url: 'http://127.0.0.1:1/' })
    const good = await subscribe()
    start()
    const versions = await touch(10)
    await eventually(() => settled(good.id))
    expect(sorted(received)).toEqual(versions)
  })

  it('hear only the kinds they asked for, and move past the others', async () => {
    const hook = await subscribe({ events: ['message', 'routed'] })
    start()
    await touch(3)
    await publish(test.db, { kind: 'message.created', conversationId: conversations[0]!.id, version: ++version })
    await eventually(() => settled(hook.id))
    expect(received.map((event) => event.kind)).toEqual(['message.created'])
  })

  it('follow no redirect and never reach inside', async () => {
    const outside = await subscribe()
    answer = () => 302
    start()
    await touch(1)
    const logged = async (id: string) => (await listAttempts(test.db.pool, id, { before: null, limit: 1 }))[0]
    await eventually(async () => (await logged(outside.id))?.status === 302)
    await workers.splice(0)[0]!.close()
    received = []
    await test.db.pool.query('update webhook set due_at = now()')
    start([])
    await eventually(async () => expect((await logged(outside.id))?.error).toContain('not a public address'))
    expect(received).toEqual([])
  })

  it('are switched off with a reason after three days, and go on from there when switched on', async () => {
    const hook = await subscribe()
    answer = () => 500
    await test.db.pool.query(`update webhook set failing_since = now() - interval '73 hours' where id = $1`, [hook.id])
    start()
    const versions = await touch(3)
    await eventually(async () => (await getWebhook(test.db.pool, hook.id))?.enabled === false)
    expect((await getWebhook(test.db.pool, hook.id))?.disabledReason).toContain('three days')
    versions.push(...(await touch(2)))
    answer = () => 200
    await updateWebhook(test.db.pool, sealer, hook.id, { enabled: true })
    await eventually(() => settled(hook.id))
    expect(sorted(taken)).toEqual(versions)
    expect((await getWebhook(test.db.pool, hook.id))?.disabledReason).toBeNull()
  })

  it('a worker that lost its lease moves nothing', async () => {
    const { id, position } = await subscribe()
    await touch(1)
    const late = await eventually(() => claimWebhook(test.db.pool))
    await test.db.pool.query(`update webhook set lease_until = now() - interval '1 second'`)
    const present = await claimWebhook(test.db.pool)
    expect(present?.id).toBe(id)
    expect(await settleWebhook(test.db.pool, late, '999999')).toBe(false)
    await failWebhook(test.db.pool, late, { position: '999999', delayMs: 1, reason: 'late', giveUpMs: 0 })
    expect(await getWebhook(test.db.pool, id)).toMatchObject({ position, enabled: true })
  })

  it('keep their secret sealed in the database', async () => {
    const hook = await subscribe()
    const { rows } = await test.db.pool.query('select * from webhook')
    expect(JSON.stringify(rows)).not.toContain(hook.secret)
  })
})
