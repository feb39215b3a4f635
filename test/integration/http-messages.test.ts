import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createToken } from '../../src/store/token.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, createMessage, type MadeConversation } from '../support/factories.ts'
import { callerOf, type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let person: Person
let colleague: Person
let conversation: MadeConversation
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  person = await signedIn(server, { name: 'Ann', inboxes: [inboxId] })
  colleague = await signedIn(server, { name: 'Bo', inboxes: [inboxId] })
  conversation = await createConversation(base.db.pool, { inboxId })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const say = (who: Person, body: object, headers?: Record<string, string>) =>
  who.call(
    `POST /conversations/${conversation.id}/messages`,
    { kind: 'reply', clientId: randomUUID(), ...body },
    headers,
  )

describe('a reply', () => {
  it('is answered with the message and its deliveries, and the same client id is the same message', async () => {
    await createMessage(base.db.pool, conversation, { text: 'Where is my deposit?' })
    const clientId = randomUUID()
    const first = await say(person, { clientId, text: 'Looking **now**.' })
    expect(first.status).toBe(201)
    expect(first.body.message).toMatchObject({
      conversationId: conversation.id,
      direction: 'out',
      sender: { type: 'agent', id: person.id, name: 'Ann' },
      text: 'Looking **now**.',
      clientId,
      deliveries: [{ part: 0, state: 'pending' }],
    })
    const again = await say(person, { clientId, text: 'Looking **now**.' })
    expect([again.status, again.body.message.id]).toEqual([200, first.body.message.id])
    const both = await Promise.all(
      [1, 2, 3, 4].map(() => say(person, { clientId: '6f9619ff-8b86-4011-b42d-00c04fc964ff', text: 'x' })),
    )
    expect(new Set(both.map((answer) => answer.body.message.id)).size).toBe(1)
    expect(both.filter((answer) => answer.status === 201)).toHaveLength(1)
  })

  it('conflicts with what a colleague said meanwhile, unless forced', async () => {
    const { version } = (await person.call(`GET /conversations/${conversation.id}`)).body
    await say(colleague, { text: 'I have this.' })
    const stale = await say(person, { text: 'Me too', basedOn: version })
    expect(stale.status).toBe(409)
    expect(stale.body.error.details.changes).toEqual([{ kind: 'reply', by: null }])
    expect((await say(person, { text: 'Me too', basedOn: version, force: true })).status).toBe(201)
    expect((await say(person, { kind: 'note', text: 'between us', basedOn: version })).status).toBe(201)
  })

  it('names the token that wrote it, where nobody stands behind the token', async () => {
    const { secret } = await createToken(base.db.pool, { name: 'Night shift', scopes: ['write'], agentId: null })
    const program = callerOf(server.url, { authorization: `Bearer ${secret}` })
    const path = `POST /conversations/${conversation.id}/messages`
    const said = await program(path, { kind: 'reply', clientId: randomUUID(), text: 'We are on it.' })
    expect(said.body.message.sender).toEqual({ type: 'agent', id: null, name: 'Night shift' })
    const read = await person.call(`GET /conversations/${conversation.id}/messages`)
    expect(read.body.items.at(-1).sender.name).toBe('Night shift')
  })

  it('is refused with a sentence when there is nothing in it or its file is not ours', async () => {
    expect((await say(person, { text: '  ' })).body.error.code).toBe('empty')
    expect((await say(person, { text: 'x', attachments: ['999999'] })).status).toBe(422)
    expect((await say(person, { text: 'x', clientId: 'not-a-uuid' })).status).toBe(400)
  })
})

describe('the messages of a conversation', () => {
  it('come newest page first, ascending, both ways by seq', async () => {
    const own = await createConversation(base.db.pool, { inboxId })
    for (let n = 1; n <= 7; n++) await createMessage(base.db.pool, own, { text: `m${n}` })
    const get = async (query: string) => {
      const { body } = await person.call(`GET /conversations/${own.id}/messages?${query}`)
      return [body.items.map((item: { text: string }) => item.text).join(' '), body.next]
    }
    expect(await get('limit=3')).toEqual(['m5 m6 m7', '5'])
    expect(await get('limit=3&before=5')).toEqual(['m2 m3 m4', '2'])
    expect(await get('limit=3&before=2')).toEqual(['m1', null])
    expect(await get('limit=3&after=2')).toEqual(['m3 m4 m5', '5'])
    expect(await get('limit=3&after=5')).toEqual(['m6 m7', null])
  })

  it('hide what was deleted, and its versions but where the inbox keeps them', async () => {
    const own = await createConversation(base.db.pool, { inboxId })
    const id = await createMessage(base.db.pool, own, { text: 'my password is 123' })
    await base.db.pool.query(
      `insert into message_version values ($1, 1, 'my password is 123', null, 'original', 'contact', now())`,
      [id],
    )
    await base.db.pool.query(`update message set deleted_at = now() where id = $1`, [id])
    const { body } = await person.call(`GET /conversations/${own.id}/messages`)
    expect(body.items[0]).toMatchObject({ text: '', deletedAt: expect.any(String) })
    expect((await person.call(`GET /messages/${id}/versions`)).body.items).toEqual([])
    await base.db.pool.query('update inbox set retention_days = 30 where id = $1', [inboxId])
    expect((await person.call(`GET /messages/${id}/versions`)).body.items).toEqual([])
    const lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
    expect((await lead.call(`GET /messages/${id}/versions`)).body.items).toHaveLength(1)
  })
})

describe('a delivery that the platform did not confirm', () => {
  it('is settled by an agent, once', async () => {
    const { body } = await say(person, { text: 'Did this arrive?' })
    const { id } = body.message.deliveries[0]
    await base.db.pool.query(`update delivery set state = 'uncertain' where id = $1`, [id])
    const answer = await person.call(`POST /deliveries/${id}/resolve`, { as: 'sent' })
    expect(answer.body.message.deliveries).toMatchObject([{ id, state: 'sent' }])
    expect((await person.call(`POST /deliveries/${id}/resolve`, { as: 'sent' })).status).toBe(409)
    expect((await person.call(`POST /deliveries/${id}/resolve`, { as: 'maybe' })).status).toBe(400)
  })
})

describe('the preview', () => {
  it('shows the parts the channel would send, and safe HTML', async () => {
    const preview = (body: object) =>
      person.call(`POST /conversations/${conversation.id}/preview`, { kind: 'reply', ...body })
    const { body } = await preview({ text: '**Hello** <script>alert(1)</script>\n\n[x](javascript:alert(1))' })
    expect(body.html).toContain('<strong>Hello</strong>')
    expect(body.html).not.toMatch(/<script|href="javascript/)
    expect(body.parts).toHaveLength(1)
    const long = await preview({ text: 'word '.repeat(300) })
    expect(long.body.parts.length).toBeGreaterThan(1)
    for (const part of long.body.parts) expect(part.length).toBeLessThanOrEqual(part.max)
    expect((await preview({ text: '' })).body.parts).toEqual([])
    expect((await preview({ kind: 'note', text: '*x*' })).body).toMatchObject({ parts: [], problems: [] })
  })

  it('says what the channel would not take as a code with its numbers and as a sentence', async () => {
    const attachments: string[] = []
    for (const size of [1, 1, 1, 1, 5_000_001]) {
      const form = new FormData()
      form.append('file', new Blob([Buffer.alloc(size, 'x')]), `${size}.txt`)
      attachments.push((await person.call('POST /files', form)).body.id)
    }
    const { body } = await person.call(`POST /conversations/${conversation.id}/preview`, {
      kind: 'reply',
      text: 'x',
      attachments,
    })
    expect(body.problems).toMatchObject([
      { code: 'fileTooLarge', name: '5000001.txt', limit: 5, support: 'rejected', message: expect.any(String) },
      { code: 'severalMessages', limit: 4, support: 'partial', message: expect.any(String) },
    ])
  })
})

describe('a draft', () => {
  it('is kept for each agent, refuses an older save, and does not come back after sending', async () => {
    const path = `/conversations/${conversation.id}/draft`
    expect((await person.call(`GET ${path}`)).body).toEqual({ draft: null })
    const draft = { kind: 'reply', text: 'Dear', replyTo: null, basedOn: 3 }
    const first = await person.call(`PUT ${path}`, { ...draft, rev: 0 })
    expect(first.body).toMatchObject({ text: 'Dear', rev: 1, basedOn: 3 })
    expect((await person.call(`PUT ${path}`, { ...draft, text: 'Dear Li', rev: 1 })).body.rev).toBe(2)
    const stale = await person.call(`PUT ${path}`, { ...draft, text: 'old', rev: 1 })
    expect([stale.status, stale.body.error.details.draft.text]).toEqual([409, 'Dear Li'])
    expect((await colleague.call(`GET ${path}`)).body.draft).toBeNull()
    await say(person, { text: 'Dear Li, done.' })
    expect((await person.call(`PUT ${path}`, { ...draft, text: 'late', rev: 2 })).status).toBe(409)
    expect((await person.call(`GET ${path}`)).body.draft).toBeNull()
    await person.call(`PUT ${path}`, { ...draft, rev: 0 })
    expect((await person.call(`DELETE ${path}`)).status).toBe(204)
    expect((await person.call(`GET ${path}`)).body.draft).toBeNull()
  })
})

describe('Idempotency-Key', () => {
  const key = () => ({ 'idempotency-key': randomUUID() })

  it('answers a repeat from memory and does it once, also when they race', async () => {
    const headers = key()
    const name = `once-${randomUUID()}`
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => person.call('POST /tags', { name }, headers)))
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    const later = await person.call('POST /tags', { name }, headers)
    expect([later.status, later.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(later.body).toEqual(answers.find((answer) => answer.status === 201)?.body)
    const { rows } = await base.db.pool.query('select count(*)::int as n from tag where name = $1', [name])
    expect(rows[0].n).toBe(1)
  })

  it('is refused with another body, and belongs to one principal and one path', async () => {
    const headers = key()
    await person.call('POST /tags', { name: `a-${randomUUID()}` }, headers)
    expect((await person.call('POST /tags', { name: `b-${randomUUID()}` }, headers)).status).toBe(422)
    expect((await colleague.call('POST /tags', { name: `c-${randomUUID()}` }, headers)).status).toBe(201)
    expect((await person.call('POST /tags', { name: 'x' }, { 'idempotency-key': 'with space' })).status).toBe(400)
  })

  it('keeps no secret readable', async () => {
    const headers = key()
    const made = await person.call('POST /tokens', { name: 'kept', scopes: ['read'] }, headers)
    const again = await person.call('POST /tokens', { name: 'kept', scopes: ['read'] }, headers)
    expect(again.body.secret).toBe(made.body.secret)
    const { rows } = await base.db.pool.query('select response::text from idempotency_key')
    expect(JSON.stringify(rows)).not.toContain(made.body.secret)
  })
})
