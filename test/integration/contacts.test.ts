import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import {
  createContact,
  createConversation,
  createIdentity,
  createMessage,
  createThread,
  unique,
} from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let chat: string
let mail: string
let hidden: string
let ann: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  chat = await readableInbox(base.db)
  mail = await readableInbox(base.db)
  hidden = await readableInbox(base.db)
  ann = await signedIn(server, { name: 'Ann', inboxes: [chat, mail] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

/** A person with an account in each of these inboxes and a conversation there. */
async function person(name: string, inboxes: readonly string[]) {
  const contactId = await createContact(base.db.pool, name)
  const places = []
  for (const inboxId of inboxes) {
    const identityId = await createIdentity(base.db.pool, { contactId, name: `${name} there` })
    places.push(await createConversation(base.db.pool, { inboxId, identityId }))
  }
  return { contactId, places }
}
const names = async (q: string, who = ann) =>
  (await who.call(`GET /contacts?q=${encodeURIComponent(q)}`)).body.items.map((item: { name: string }) => item.name)

describe('the list of people', () => {
  it('finds them by the beginning of their name, of an account’s name, or by their whole address', async () => {
    const tag = unique('zoe')
    const { contactId } = await person(`${tag.toUpperCase()} Quartz`, [chat])
    await base.db.pool.query(`update identity set name = $2, profile = $3 where contact_id = $1`, [
      contactId,
      `${tag}_handle`,
      JSON.stringify({ email: { address: `${tag}@Shop.example`, verified: true } }),
    ])
    const is = [`${tag.toUpperCase()} Quartz`]
    for (const q of [tag, `${tag} q`, `${tag}_HAN`, `${tag}@shop.EXAMPLE`]) expect([q, await names(q)]).toEqual([q, is])
    for (const q of ['Quartz', `${tag}@shop`, `%${tag}`, `${tag} r`]) expect([q, await names(q)]).toEqual([q, []])
    const { contactId: li } = await person('李小龙', [chat])
    expect((await ann.call(`GET /contacts?q=${encodeURIComponent('李小')}`)).body.items[0]).toMatchObject({ id: li })
  })

  it('goes on page by page, and never shows who has no conversation they may see', async () => {
    const tag = unique('page')
    for (const n of [1, 2, 3]) await person(`${tag} ${n}`, [chat])
    await person(`${tag} hidden`, [hidden])
    const first = await ann.call(`GET /contacts?q=${tag}&limit=2`)
    expect(first.body.items.map((one: { name: string }) => one.name)).toEqual([`${tag} 3`, `${tag} 2`])
    const second = await ann.call(`GET /contacts?q=${tag}&limit=2&next=${first.body.next}`)
    expect([second.body.items[0].name, second.body.items.length, second.body.next]).toEqual([`${tag} 1`, 1, null])
    const newest = await ann.call('GET /contacts?limit=1')
    expect(newest.body.items[0].name).toBe(`${tag} 3`)
  })
})

describe('one person', () => {
  it('shows what their channel tells of each account', async () => {
    const { contactId } = await person('Nia', [chat])
    await base.db.pool.query(
      `update identity set profile = '{"username": "nia_x", "roles": "VIP", "email": {"address": "nia@x.example", "verified": false}}'
        where contact_id = $1`,
      [contactId],
    )
    const { body } = await ann.call(`GET /contacts/${contactId}`)
    expect(body).toMatchObject({ name: 'Nia', language: null, suggestions: [], merges: [], erasedAt: null })
    expect(body.identities).toEqual([
      expect.objectContaining({
        email: 'nia@x.example',
        verified: false,
        profile: { username: 'nia_x', roles: 'VIP' },
      }),
    ])
  })

  it('gets a name and a language, which every page that shows them hears of', async () => {
    const { contactId, places } = await person('before', [chat])
    const id = places[0]!.id
    const before = await ann.call(`GET /conversations/${id}`)
    const answer = await ann.call(`PATCH /contacts/${contactId}`, { name: 'After', language: 'pt-BR' })
    expect(answer.body).toMatchObject({ name: 'After', language: 'pt-BR' })
    const after = await ann.call(`GET /conversations/${id}`)
    expect([after.body.contact.name, after.body.version]).toEqual(['After', before.body.version + 1])
    const { rows } = await base.db.pool.query(`select kind from feed where conversation_id = $1`, [id])
    expect(rows).toEqual([{ kind: 'conversation.updated' }])
    expect((await ann.call(`PATCH /contacts/${contactId}`, { language: null })).body.language).toBeNull()
    for (const bad of [{ name: ' ' }, { language: 'x'.repeat(30) }, { language: '<b>' }, { verified: true }]) {
      expect([bad, (await ann.call(`PATCH /contacts/${contactId}`, bad)).status]).toEqual([bad, 400])
    }
  })
})

describe('the timeline', () => {
  const told = async (id: string, query = '', who = ann) =>
    (await who.call(`GET /contacts/${id}/timeline${query}`)).body.items.map((item: { text: string }) => item.text)

  it('joins what they and we said on all channels, newest first, and leaves out notes and what others said', async () => {
    const { contactId, places } = await person('Timo', [chat, mail])
    const [one, two] = places
    const q = base.db.pool
    await createMessage(q, one!, { text: 'in the chat' })
    await createMessage(q, two!, { text: 'by mail' })
    await createMessage(q, one!, { text: 'our answer', direction: 'out', agentId: ann.id })
    await createMessage(q, one!, { text: 'a note about them', direction: 'note', agentId: ann.id })
    const other = await createIdentity(q)
    await q.query('insert into participant (thread_id, identity_id) values ($1, $2)', [two!.threadId, other])
    await createMessage(q, { ...two!, identityId: other }, { text: 'somebody in copy' })
    const long = await createMessage(q, two!, { text: `${'x'.repeat(400)}` })
    expect(await told(contactId)).toEqual(['x'.repeat(300), 'our answer', 'by mail', 'in the chat'])
    const { body } = await ann.call(`GET /contacts/${contactId}/timeline?limit=1`)
    expect(body.items[0]).toMatchObject({
      messageId: long,
      conversationId: two!.id,
      channel: 'loop',
      inboxId: mail,
      direction: 'in',
      seq: 3,
      sender: { type: 'contact', id: contactId, name: 'Timo' },
      deleted: false,
    })
    expect(await told(contactId, `?limit=2&next=${body.next}`)).toEqual(['our answer', 'by mail'])
    await q.query(`update message set deleted_at = now(), deleted_by = 'contact' where id = $1`, [long])
    expect((await ann.call(`GET /contacts/${contactId}/timeline?limit=1`)).body.items[0]).toMatchObject({
      text: '',
      deleted: true,
    })
  })

  it('of a group has only their own words and what we said where they began', async () => {
    const q = base.db.pool
    const { contactId, places } = await person('Greta', [chat])
    const group = await createThread(q, { inboxId: chat, audience: 'shared' })
    const host = await createConversation(q, { threadId: group })
    await q.query('insert into participant (thread_id, identity_id) values ($1, $2)', [group, places[0]!.identityId])
    await createMessage(q, host, { text: 'the host asks' })
    await createMessage(q, { ...host, identityId: places[0]!.identityId }, { text: 'Greta adds' })
    await createMessage(q, host, { text: 'to the host', direction: 'out', agentId: ann.id })
    expect(await told(contactId)).toEqual(['Greta adds'])
  })

  it('has nothing of inboxes and restricted conversations they may not see', async () => {
    const q = base.db.pool
    const { contactId, places } = await person('Hide', [chat, hidden, mail])
    for (const [n, place] of places.entries()) await createMessage(q, place, { text: `said ${n}` })
    await q.query('update conversation set restricted = true where id = $1', [places[2]!.id])
    expect(await told(contactId)).toEqual(['said 0'])
    const { contactId: foreign } = await person('Foreign', [hidden])
    for (const path of [`/contacts/${foreign}/timeline`, `/contacts/${foreign}`]) {
      expect((await ann.call(`GET ${path}`)).status).toBe(404)
    }
    expect((await ann.call(`PATCH /contacts/${foreign}`, { name: 'Mine' })).status).toBe(404)
  })
})
