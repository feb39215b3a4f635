import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWebhooks, type WebhookWorker } from '../../src/jobs/webhooks.ts'
import { type Sequencer, startSequencer } from '../../src/realtime/sequencer.ts'
import { webhookFetch } from '../../src/security/outbound-fetch.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { createConversation } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn, withToken } from '../support/http-server.ts'
import { publish } from '../support/live-server.ts'

const log = pino({ level: 'silent' })
let test: TestDatabase
let server: HttpServer
let admin: Person
let sequencer: Sequencer
let worker: WebhookWorker
let receiver: Server
let url: string
let verdict = 200
const bodies: string[] = []

beforeAll(async () => {
  test = await testDatabase()
  server = await httpServer(test.db)
  admin = await signedIn(server, { role: 'admin' })
  sequencer = startSequencer({ db: test.db, log })
  worker = startWebhooks({ ...server.deps, log, fetch: webhookFetch(server.deps.outboundAllow) })
  receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(String(chunk)))
    request.on('end', () => response.writeHead(verdict).end())
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
})
afterAll(async () => {
  await worker.close()
  await sequencer.close()
  await server.close()
  receiver.close()
  await test.close()
})

const create = (body: Record<string, unknown> = {}) => admin.call('POST /webhooks', { url, ...body })

describe('/webhooks', () => {
  it('shows the secret once, and what it is told to do ever after', async () => {
    const made = await create({ events: ['message'] })
    expect(made.status).toBe(201)
    expect(made.body.secret).toMatch(/^whsec_[\w-]{43}$/)
    const { secret, ...rest } = made.body
    expect((await admin.call(`GET /webhooks/${made.body.id}`)).body).toEqual(rest)
    const list = await admin.call('GET /webhooks')
    expect(list.body.items).toContainEqual(rest)
    expect(list.text).not.toContain(secret)
    const changed = await admin.call(`PATCH /webhooks/${made.body.id}`, { enabled: false, events: [] })
    expect(changed.body).toEqual({ ...rest, enabled: false, events: [] })
    expect((await admin.call(`DELETE /webhooks/${made.body.id}`)).status).toBe(204)
    expect((await admin.call(`GET /webhooks/${made.body.id}`)).status).toBe(404)
  })

  it('is the administrators’ alone, by session and by token', async () => {
    const { id } = (await create()).body
    const agent = await signedIn(server)
    const reader = await withToken(server, admin.id, ['read', 'write'])
    const lines = [
      'GET /webhooks',
      'POST /webhooks',
      `GET /webhooks/${id}`,
      `PATCH /webhooks/${id}`,
      `DELETE /webhooks/${id}`,
      `GET /webhooks/${id}/deliveries`,
    ]
    for (const line of lines) {
      const body = /POST|PATCH/.test(line) ? { url } : undefined
      expect([line, (await agent.call(line, body)).status]).toEqual([line, 403])
      expect([line, (await reader.call(line, body)).status]).toEqual([line, 403])
      expect([line, (await server.call(line, body)).status]).toEqual([line, 401])
    }
    await admin.call(`DELETE /webhooks/${id}`)
  })

  it.each([
    { url: 'ftp://example.org/' },
    { url: 'javascript:alert(1)' },
    { url: { a: 1 } },
    { url: null },
    { events: 'all' },
    { events: [1] },
    { secret: 'short' },
    { position: '0' },
    { enabled: true },
    { createdBy: '1' },
  ])('refuses %j', async (body) => {
    expect((await create(body)).status).toBe(400)
  })

  it('logs every attempt page by page, and sends one again on request', async () => {
    const { id } = (await create()).body
    const conversation = await createConversation(test.db.pool)
    verdict = 500
    await publish(test.db, { kind: 'conversation.updated', conversationId: conversation.id, version: 1 })
    await eventually(async () =>
      expect((await admin.call(`GET /webhooks/${id}/deliveries`)).body.items).not.toEqual([]),
    )
    verdict = 204
    const ok = (items: { error: string | null }[]) => items.some((item) => item.error === null)
    await eventually(async () => ok((await admin.call(`GET /webhooks/${id}/deliveries`)).body.items), {
      timeoutMs: 10_000,
    })
    const first = await admin.call(`GET /webhooks/${id}/deliveries?limit=1`)
    const rest = await admin.call(`GET /webhooks/${id}/deliveries?next=${first.body.next}`)
    expect(first.body.items[0]).toMatchObject({ kind: 'conversation.updated', status: 204, error: null })
    expect(rest.body.items.at(-1)).toMatchObject({ status: 500, error: 'The receiver answered 500.' })
    const before = bodies.length
    const again = await admin.call(`POST /webhooks/${id}/deliveries/${rest.body.items.at(-1).id}/redeliver`)
    expect(again.body).toMatchObject({ eventId: first.body.items[0].eventId, status: 204, error: null })
    expect(bodies.slice(before)).toEqual([bodies[0]])
    const other = (await create()).body.id
    expect((await admin.call(`POST /webhooks/${other}/deliveries/${again.body.id}/redeliver`)).status).toBe(404)
  })

  it('never reaches inside, and says so without saying what is there', async () => {
    const inside = await create({ url: 'http://169.254.169.254/latest/meta-data' })
    const conversation = await createConversation(test.db.pool)
    await publish(test.db, { kind: 'conversation.updated', conversationId: conversation.id, version: 1 })
    const item = await eventually(
      async () => (await admin.call(`GET /webhooks/${inside.body.id}/deliveries`)).body.items[0] ?? null,
    )
    expect(item).toMatchObject({ status: null, error: expect.stringContaining('not a public address') })
  })
})
