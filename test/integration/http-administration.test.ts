import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { widgetChannel } from '../../channels/widget/index.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { syncTags } from '../../src/store/conversation.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createConversation } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { startLoopPlatform } from '../support/loop-channel/platform.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

/** With those inside others, as `outer.inner`. */
function fieldsOf({ properties = {} }: Schema): string[] {
  return Object.entries(properties).flatMap(([name, inner]) => [
    name,
    ...fieldsOf(inner).map((own) => `${name}.${own}`),
  ])
}

describe('a channel', () => {
  it('keeps its own name in a language it has no words for, beside the words of what every inbox has', async () => {
    const { body } = await boss.call('GET /channels')
    const { zh } = body.items[0].translations
    expect(zh).toMatchObject({ name: 'Loop', fields: { retentionDays: { title: '消息保留天数' } } })
  })

  it('is said in every language it has words for', async () => {
    const chat = await httpServer(base.db, { channels: [widgetChannel as ChannelAdapter] })
    const reader = await signedIn(chat)
    const [channel] = (await reader.call('GET /channels')).body.items
    expect(channel).toMatchObject({
      name: 'Website chat',
      translations: {
        zh: { name: '网站聊天', fields: { name: { title: '聊天窗口的标题' }, learn: { title: expect.any(String) } } },
      },
    })
    expect(Object.keys(channel.translations.zh.fields).sort()).toEqual(fieldsOf(channel.settingsSchema).sort())
    await chat.close()
  })
})

describe('an inbox', () => {
  it('is tested, added, changed and removed, with the field that is wrong by name', async () => {
    const platform = await startLoopPlatform()
    const settings = platform.settings()
    const test = (more: object, id?: string) =>
      boss.call('POST /inboxes/test', { channel: 'loop', settings: { ...settings, ...more }, ...(id && { id }) })
    expect((await test({})).body).toEqual({ ok: true, message: 'Loop accepts these settings.' })
    expect((await test({ token: 'wrong-token' })).body.ok).toBe(false)
    expect((await test({ apiUrl: 'nowhere' })).body).toMatchObject({ ok: false, field: 'apiUrl' })
    const made = await boss.call('POST /inboxes', { channel: 'loop', name: 'Loop', settings })
    expect(made.status).toBe(201)
    const { id } = made.body
    expect((await test({ token: '•••', webhookSecret: '•••' }, id)).body.ok).toBe(true)
    const wrong = await boss.call(`PATCH /inboxes/${id}`, { settings: { textMax: 1 } })
    expect([wrong.status, wrong.body.error.details]).toMatchObject([
      400,
      [{ field: 'textMax', code: 'tooSmall', limit: 20 }],
    ])
    expect((await test({ reopenHours: -1 })).body).toMatchObject({ field: 'reopenHours', code: 'tooSmall', limit: 0 })
    const changed = await boss.call(`PATCH /inboxes/${id}`, {
      name: 'Renamed',
      settings: { textMax: 100, reopenHours: 5 },
    })
    expect(changed.body).toMatchObject({ name: 'Renamed', settings: { textMax: 100, reopenHours: 5, token: '•••' } })
    expect(changed.body.capabilities.text.max).toBe(100)
    expect((await boss.call('POST /inboxes', { channel: 'fax', name: 'x', settings: {} })).status).toBe(400)
    expect((await boss.call(`DELETE /inboxes/${id}`)).status).toBe(204)
    expect((await boss.call(`GET /inboxes/${id}`)).status).toBe(404)
    await platform.close()
  })

  it('is seen by its members from the moment they are', async () => {
    const inboxId = await readableInbox(base.db)
    const person = await signedIn(server)
    const { id } = await createConversation(base.db.pool, { inboxId })
    expect((await person.call(`GET /conversations/${id}`)).status).toBe(404)
    const set = await boss.call(`PUT /inboxes/${inboxId}/members`, { agentIds: [person.id] })
    expect(set.body).toEqual({ agentIds: [person.id], teamId: null })
    expect((await person.call(`GET /conversations/${id}`)).status).toBe(200)
    expect((await person.call('GET /inboxes')).body.items.map((inbox: { id: string }) => inbox.id)).toEqual([inboxId])
    await boss.call(`PUT /inboxes/${inboxId}/members`, { agentIds: [] })
    expect((await person.call(`GET /conversations/${id}`)).status).toBe(404)
    const team = await boss.call('POST /teams', { name: 'Door', memberIds: [person.id] })
    await boss.call(`PATCH /inboxes/${inboxId}`, { teamId: team.body.id })
    expect((await person.call(`GET /conversations/${id}`)).status).toBe(200)
    expect((await boss.call(`PUT /inboxes/${inboxId}/members`, { agentIds: ['999999'] })).status).toBe(422)
  })

  it('shows supervisors what could not be applied, and tries it again', async () => {
    const inboxId = await readableInbox(base.db)
    const event = {
      kind: 'message',
      eventId: 'q1',
      thread: { key: 't', kind: 'chat', audience: 'private' },
      raw: { a: 1 },
      occurredAt: new Date().toISOString(),
      sender: { key: 'u1' },
      externalId: 'm1',
      text: 'hello',
    }
    await base.db.pool.query(
      `insert into inbound_event (inbox_id, event_id, kind, state, thread_key, occurred_at, raw, event, reason)
       values ($1, 'q1', 'message', 'quarantined', 't', now(), '{"a": 1}', $2, 'could not be read')`,
      [inboxId, JSON.stringify(event)],
    )
    const lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
    const agent = await signedIn(server, { inboxes: [inboxId] })
    expect((await agent.call(`GET /inboxes/${inboxId}/quarantine`)).status).toBe(403)
    const { items } = (await lead.call(`GET /inboxes/${inboxId}/quarantine`)).body
    expect(items).toMatchObject([{ eventId: 'q1', kind: 'message', reason: 'could not be read', raw: { a: 1 } }])
    expect((await lead.call(`GET /inboxes/${inboxId}/health`)).body.quarantined).toBe(1)
    expect((await lead.call(`POST /quarantine/${items[0].id}/retry`)).body).toEqual({ outcome: 'applied' })
    expect((await lead.call(`GET /inboxes/${inboxId}/quarantine`)).body.items).toEqual([])
    expect((await lead.call(`POST /quarantine/${items[0].id}/retry`)).status).toBe(404)
    expect((await lead.call(`GET /conversations?inbox=${inboxId}`)).body.items).toHaveLength(1)
  })

  it('are given up by administrators, and never come again', async () => {
    const inboxId = await readableInbox(base.db)
    const { rows } = await base.db.pool.query(
      `insert into inbound_event (inbox_id, event_id, kind, state, thread_key, occurred_at, raw, reason)
       values ($1, 'q2', 'message', 'quarantined', 't', now(), '{}', 'could not be read') returning id`,
      [inboxId],
    )
    const path = `/quarantine/${rows[0].id}`
    const lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
    expect((await lead.call(`POST ${path}/dismiss`)).status).toBe(403)
    expect((await boss.call(`POST ${path}/dismiss`)).status).toBe(204)
    expect((await boss.call(`POST ${path}/dismiss`)).status).toBe(404)
    expect((await lead.call(`POST ${path}/retry`)).status).toBe(404)
    expect((await boss.call(`GET /inboxes/${inboxId}/quarantine`)).body.items).toEqual([])
    expect((await boss.call(`GET /inboxes/${inboxId}/health`)).body.quarantined).toBe(0)
    const again = said('it comes again', { eventId: 'q2' })
    const { outcomes } = await recordInbound(base.db, { inboxId, now: new Date(), batch: { events: [again] } })
    expect(outcomes).toMatchObject([{ kind: 'duplicate' }])
  })
})

describe('tags', () => {
  it('are made by anybody, renamed everywhere by supervisors', async () => {
    const inboxId = await readableInbox(base.db)
    const agent = await signedIn(server, { inboxes: [inboxId] })
    const lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
    const made = await agent.call('POST /tags', { name: 'depot', color: 'blue' })
    const { id } = await createConversation(base.db.pool, { inboxId })
    await base.db.pool.query(`update conversation set tags = '{depot,other}' where id = $1`, [id])
    await syncTags(base.db.pool, [id])
    expect((await agent.call(`PATCH /tags/${made.body.id}`, { name: 'deposit' })).status).toBe(403)
    expect((await lead.call(`PATCH /tags/${made.body.id}`, { name: 'deposit' })).body).toMatchObject({
      name: 'deposit',
      color: 'blue',
    })
    expect((await lead.call('GET /conversations?tag=deposit')).body.items[0].tags).toEqual(['deposit', 'other'])
    expect((await lead.call('GET /conversations?tag=depot')).body.items).toEqual([])
    expect((await lead.call(`DELETE /tags/${made.body.id}`)).status).toBe(204)
    expect((await lead.call(`GET /conversations/${id}`)).body.tags).toEqual(['deposit', 'other'])
  })
})

describe('background work that gave up', () => {
  it('is listed and tried again by administrators', async () => {
    const { rows } = await base.db.pool.query(
      `insert into job (kind, payload, state, last_error) values ('after-sent', '{"deliveryId": "1"}', 2, 'gone') returning id`,
    )
    const list = await boss.call('GET /jobs?state=dead')
    expect(list.body.items).toMatchObject([{ id: rows[0].id, kind: 'after-sent', lastError: 'gone' }])
    expect((await boss.call('GET /jobs')).status).toBe(400)
    expect((await boss.call(`POST /jobs/${rows[0].id}/retry`)).status).toBe(204)
    expect((await boss.call('GET /jobs?state=dead')).body.items).toEqual([])
  })

  it('is left undone by administrators, and only what gave up', async () => {
    const { rows } = await base.db.pool.query(
      `insert into job (kind, payload, state) values ('after-sent', '{}', 2), ('after-sent', '{}', 1) returning id`,
    )
    const [dead, claimed] = rows.map(({ id }) => `POST /jobs/${id}/dismiss`)
    const lead = await signedIn(server, { role: 'supervisor' })
    expect((await lead.call(dead!)).status).toBe(403)
    const statuses = [await boss.call(dead!), await boss.call(dead!), await boss.call(claimed!)].map(
      (one) => one.status,
    )
    expect(statuses).toEqual([204, 404, 404])
    expect((await boss.call('GET /jobs?state=dead')).body.items).toEqual([])
  })
})

describe('the pages', () => {
  it('are one page at every address of its own, and files that never change are kept', async () => {
    const webRoot = temporaryFolder()
    mkdirSync(join(webRoot, 'assets'))
    writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Inbox</title>')
    writeFileSync(join(webRoot, 'assets', 'app-1a2b.js'), 'export {}')
    const pages = await httpServer(base.db, { webRoot })
    for (const path of ['//', '//c/12', '//inbox/mine?x=1', '//one-time/abc', '//settings/inboxes']) {
      const answer = await pages.call(`GET ${path}`)
      expect([path, answer.status, answer.text.includes('<title>Inbox')]).toEqual([path, 200, true])
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    }
    const asset = await pages.call('GET //assets/app-1a2b.js')
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    for (const path of ['//assets/gone.js', '//favicon.png', '/nothing', '//hooks', '//index.php', '//.env']) {
      expect([path, (await pages.call(`GET ${path}`)).status]).toEqual([path, 404])
    }
    expect((await pages.call('POST //c/12')).status).toBe(404)
    await pages.close()
  })
})
