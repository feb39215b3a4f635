import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation, createMessage } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn, withToken } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let agent: Person
let lead: Person
let admin: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  agent = await signedIn(server, { inboxes: [inboxId] })
  lead = await signedIn(server, { role: 'supervisor', inboxes: [inboxId] })
  admin = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

async function customer(inbox = inboxId) {
  const q = base.db.pool
  const conversation = await createConversation(q, { inboxId: inbox, subject: 'Deposit' })
  const { rows } = await q.query('select contact_id as id, key from identity where id = $1', [conversation.identityId])
  return { conversation, contactId: rows[0].id as string, key: rows[0].key as string }
}

describe('everything of a person in one document', () => {
  it('holds accounts, conversations, words of both sides, versions and files that open without signing in', async () => {
    const q = base.db.pool
    const { conversation, contactId, key } = await customer()
    const first = await createMessage(q, conversation, { text: 'my words' })
    await q.query(
      `insert into message_version (message_id, version, text, kind, actor, at) values ($1, 1, 'my first words', 'original', 'contact', now())`,
      [first],
    )
    const bytes = Buffer.from('a receipt')
    const file = await server.deps.files.store({
      stream: Readable.from([bytes]),
      name: 'receipt.txt',
      owner: `inbox:${inboxId}`,
      maxBytes: 100,
    })
    await q.query(
      `insert into attachment (message_id, ordinal, name, type, state, file_id) values ($1, 0, 'receipt.txt', 'text/plain', 'stored', $2)`,
      [first, file.id],
    )
    await createMessage(q, conversation, { text: 'our answer', direction: 'out', agentId: agent.id })
    await createMessage(q, conversation, { text: 'a note', direction: 'note', agentId: agent.id })
    const answer = await lead.call(`GET /contacts/${contactId}/export`)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="contact-${contactId}.json"`)
    const { contact, conversations, messages } = answer.body
    expect(contact).toMatchObject({ id: contactId, accounts: [{ channel: 'loop', key }] })
    expect(conversations).toEqual([expect.objectContaining({ id: conversation.id, subject: 'Deposit' })])
    expect(messages).toEqual([
      expect.objectContaining({ direction: 'out', text: 'our answer' }),
      expect.objectContaining({
        text: 'my words',
        versions: [expect.objectContaining({ text: 'my first words' })],
        attachments: [expect.objectContaining({ name: 'receipt.txt', url: expect.any(String) })],
      }),
    ])
    const { pathname, search } = new URL(messages[1].attachments[0].url)
    expect((await server.call(`GET /${pathname}${search}`)).text).toBe('a receipt')
  })

  it('comes whole however much it is, and is for supervisors and administrators', async () => {
    const { conversation, contactId } = await customer()
    for (let n = 0; n < 3; n += 1) await createMessage(base.db.pool, conversation)
    await base.db.pool.query(
      `insert into message (conversation_id, thread_id, seq, direction, sender_type, sender_identity_id, text, occurred_at)
        select $1, $2, n, 'in', 'contact', $3, 'line ' || n, now() from generate_series(4, 450) n`,
      [conversation.id, conversation.threadId, conversation.identityId],
    )
    const { body } = await admin.call(`GET /contacts/${contactId}/export`)
    expect(new Set(body.messages.map((one: { id: string }) => one.id)).size).toBe(450)
    expect((await agent.call(`GET /contacts/${contactId}/export`)).status).toBe(403)
  })

  it('has nothing of what they may not see', async () => {
    const { conversation, contactId } = await customer()
    await createMessage(base.db.pool, conversation, { text: 'open words' })
    const { conversation: other } = await customer()
    await base.db.pool.query('update identity set contact_id = $1 where id = $2', [contactId, other.identityId])
    await createMessage(base.db.pool, other, { text: 'restricted words' })
    await base.db.pool.query('update conversation set restricted = true where id = $1', [other.id])
    const answer = await lead.call(`GET /contacts/${contactId}/export`)
    expect([answer.text.includes('open words'), answer.text.includes('restricted words')]).toEqual([true, false])
    expect(answer.body.conversations).toHaveLength(1)
  })
})

describe('erasing over HTTP', () => {
  it('is for administrators, of whom they see, and says that it goes on by itself', async () => {
    const { contactId } = await customer()
    const hidden = await customer(await readableInbox(base.db))
    const writer = await withToken(server, admin.id, ['read', 'write'])
    for (const who of [agent, lead, writer]) {
      expect((await who.call(`DELETE /contacts/${contactId}`)).status).toBe(403)
    }
    const name = async () =>
      (await base.db.pool.query('select erased_at from contact where id = $1', [contactId])).rows[0]
    expect((await name()).erased_at).toBeNull()
    await base.db.pool.query('update conversation set restricted = true, team_id = null where id = $1', [
      hidden.conversation.id,
    ])
    const team = await base.db.pool.query(`insert into team (name) values ('legal') returning id`)
    await base.db.pool.query('update conversation set team_id = $2 where id = $1', [
      hidden.conversation.id,
      team.rows[0].id,
    ])
    expect((await admin.call(`DELETE /contacts/${hidden.contactId}`)).status).toBe(404)
    for (const _again of [1, 2]) {
      const answer = await admin.call(`DELETE /contacts/${contactId}`)
      expect([answer.status, answer.body]).toEqual([202, { id: contactId, state: 'erasing' }])
    }
    const { body } = await agent.call(`GET /contacts/${contactId}`)
    expect(body).toMatchObject({ name: '', erasedAt: expect.any(String), identities: [{ name: '', profile: {} }] })
    expect((await agent.call('GET /contacts')).body.items.map((one: { id: string }) => one.id)).not.toContain(contactId)
    expect((await agent.call(`PATCH /contacts/${contactId}`, { name: 'Again' })).body.name).toBe('')
  })
})
