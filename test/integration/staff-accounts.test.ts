import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createTeam, unique } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { letterOf } from '../support/letters.ts'
import { linkingGround } from '../support/linking.ts'

let base: TestDatabase
let server: HttpServer
let ground: ReturnType<typeof linkingGround>
let inboxId: string
let ana: Person
/** Ana's own account. */
let own: string
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  ground = linkingGround(base.db)
})
beforeEach(async () => {
  await base.db.pool.query('truncate identity, contact, job, sign_in_attempt cascade')
  inboxId = await readableInbox(base.db)
  ana = await signedIn(server, { inboxes: [inboxId], name: 'Ana' })
  own = unique('ana')
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const newCode = async (by = ana): Promise<string> => {
  const answer = await by.call('POST /me/accounts/codes')
  expect(answer.status, answer.text).toBe(201)
  return answer.body.code
}
const link = async (by = ana, chat = own) => ground.write(inboxId, await newCode(by), { chat })
const accounts = async (by = ana) => (await by.call('GET /me/accounts')).body.items
const group = (key: string, place = key) => ({ key, kind: 'group', audience: 'shared', place }) as const
const person = (chat: string) => ({ key: `person-of-${chat}`, name: chat })
const record = (...events: InboundEvent[]) => recordInbound(base.db, { inboxId, now: new Date(), batch: { events } })

/** A customer asks in a group; `say` is what an account writes there. */
async function room() {
  const key = unique('room')
  const question = said('Where is it?', { thread: group(key), sender: person('li') })
  const { outcomes } = await record(question)
  const { conversationId: id = '' } = outcomes[0] as { conversationId?: string }
  const say = (text: string, chat = own) => ground.write(inboxId, text, { chat, thread: group(key) })
  return { id, key, say, question }
}
const routes = () => ground.rows(`select payload from job where kind = 'route'`)

describe('a colleague’s own account', () => {
  it('is linked by a code, listed, told from others’, and unlinked', async () => {
    const written = await link()
    // It is neither a case nor a message: nobody hears of it.
    expect(written).toEqual({ kind: 'applied' })
    expect(await ground.ignored(inboxId)).toEqual({ 'written by staff': 1 })
    expect(await ground.rows('select 1 from conversation where inbox_id = $1', [inboxId])).toEqual([])
    const [account] = await accounts()
    expect(account).toMatchObject({ channel: 'loop', name: own, since: expect.any(String) })
    const bob = await signedIn(server, { inboxes: [inboxId] })
    expect(await accounts(bob)).toEqual([])
    expect((await bob.call(`DELETE /me/accounts/${account.id}`)).status).toBe(404)
    expect((await ana.call(`DELETE /me/accounts/${account.id}`)).status).toBe(204)
    expect(await accounts()).toEqual([])
    expect(await ground.write(inboxId, 'I lost my parcel', { chat: own })).toMatchObject({
      conversationId: expect.any(String),
    })
  })

  it('is nobody’s customer any more, also where it tried the bot before', async () => {
    const { conversationId } = await ground.write(inboxId, 'Does it work?', { chat: own })
    await link()
    expect(await ground.write(inboxId, 'And now?', { chat: own })).toEqual({ kind: 'applied' })
    expect(await ground.conversation(conversationId)).toMatchObject({
      message_count: '1',
      status: 'open',
      assignee_id: null,
    })
    expect(await ground.ignored(inboxId)).toEqual({ 'written by staff': 2 })
  })

  it('answers as the colleague: waiting ends, unread too, and the case is theirs', async () => {
    await link()
    const { id, say } = await room()
    await base.db.pool.query(`update conversation set holder = 'bot' where id = $1`, [id])
    const asked = await routes()
    const answer = await say('It left today.')
    expect(answer.conversationId).toBe(id)
    expect(await ground.conversation(id)).toMatchObject({
      status: 'waiting',
      waiting_since: null,
      assignee_id: ana.id,
      holder: 'agent',
      preview: 'It left today.',
      preview_direction: 'out',
      last_incoming_seq: '1',
    })
    expect(await routes()).toEqual(asked)
    const shown = (await ana.call(`GET /conversations/${id}`)).body
    expect(shown).toMatchObject({ unread: false, assigneeId: ana.id, waitingSince: null })
    const { items } = (await ana.call(`GET /conversations/${id}/messages`)).body
    expect(items[1]).toMatchObject({ direction: 'out', sender: { type: 'agent', id: ana.id, name: 'Ana' } })
    const told = await ground.rows('select kind, actor, data from activity where conversation_id = $1 order by id', [
      id,
    ])
    expect(told).toMatchObject([
      { kind: 'statusChanged', actor: `agent:${ana.id}`, data: { from: 'open', to: 'waiting' } },
      { kind: 'assigned', actor: `agent:${ana.id}`, data: { from: null, to: ana.id } },
    ])
    // A later word of the customer is theirs again.
    await say('Thank you!', 'li')
    expect(await ground.conversation(id)).toMatchObject({ status: 'open', assignee_id: ana.id, last_incoming_seq: '3' })
  })

  it('is the same when the platform tells it as an echo, once, and when a batch holds both sides', async () => {
    await link()
    const { id, key } = await room()
    const { kind: _kind, ...words } = said('On its way', { thread: group(key), sender: person(own) })
    await record({ ...words, kind: 'echo' })
    await record({ ...words, eventId: 'told-again', kind: 'echo' })
    await record(
      said('And the other?', { thread: group(key), sender: person('li') }),
      said('That one too', { thread: group(key), sender: person(own) }),
    )
    const { items } = (await ana.call(`GET /conversations/${id}/messages`)).body
    expect(items.map((one: { direction: string; text: string }) => [one.direction, one.text])).toEqual([
      ['in', 'Where is it?'],
      ['out', 'On its way'],
      ['in', 'And the other?'],
      ['out', 'That one too'],
    ])
    expect(await ground.conversation(id)).toMatchObject({ status: 'waiting', assignee_id: ana.id, waiting_since: null })
  })

  it('lands where the customer is whom it answers, and so do its edits', async () => {
    await link()
    const place = unique('room')
    const own_ = group(`${place}~ana`, place)
    const question = said('Where is it?', { thread: group(`${place}~li`, place), sender: person('li') })
    const { outcomes } = await record(question)
    const { conversationId: id } = outcomes[0] as { conversationId: string }
    const answer = said('It left today', { thread: own_, sender: person(own), replyTo: question.externalId })
    expect((await record(answer)).outcomes[0]).toMatchObject({ conversationId: id })
    // Both in one batch, as after a pause.
    const later = said('And mine?', { thread: group(`${place}~bo`, place), sender: person('bo') })
    const told = said('Tomorrow', { thread: own_, sender: person(own), replyTo: later.externalId })
    const both = (await record(later, told)).outcomes as readonly { readonly conversationId?: string }[]
    expect(both[1]?.conversationId).toBe(both[0]?.conversationId)
    const { raw, eventId: _id, ...where } = answer
    await record({ ...where, raw, kind: 'edit', eventId: 'edited', text: 'It left yesterday' })
    // Said to nobody, and in answer to what nobody of ours knows.
    const aside = said('Lunch?', { thread: own_, sender: person(own) })
    const other = said('No', { thread: own_, sender: person(own), replyTo: 'unknown' })
    expect((await record(aside, other)).outcomes).toEqual([{ kind: 'applied' }, { kind: 'applied' }])
    const { items } = (await ana.call(`GET /conversations/${id}/messages`)).body
    expect(items.map((one: { direction: string; text: string }) => [one.direction, one.text])).toEqual([
      ['in', 'Where is it?'],
      ['out', 'It left yesterday'],
    ])
    expect(items[1].replyTo).toBe(items[0].id)
    expect(await ground.ignored(inboxId)).toEqual({ 'written by staff': 3 })
    // A customer who answers another customer stays who they are.
    const eve = said('I wonder too', {
      thread: group(`${place}~eve`, place),
      sender: person('eve'),
      replyTo: question.externalId,
    })
    expect((await record(eve)).outcomes[0]).not.toMatchObject({ conversationId: id })
  })

  it('leaves a case with the colleague who has it, and is given none it could not open', async () => {
    await link()
    const bob = await signedIn(server, { inboxes: [inboxId] })
    const taken = await room()
    await base.db.pool.query(`update conversation set assignee_id = $2, holder = 'agent' where id = $1`, [
      taken.id,
      bob.id,
    ])
    await taken.say('I know this one')
    expect(await ground.conversation(taken.id)).toMatchObject({ status: 'waiting', assignee_id: bob.id })
    await base.db.pool.query('update agent set active = false where id = $1', [bob.id])
    await taken.say('Bob is gone')
    expect(await ground.conversation(taken.id)).toMatchObject({ assignee_id: ana.id })

    const restricted = await room()
    const teamId = await createTeam(base.db.pool)
    await base.db.pool.query('update conversation set restricted = true, team_id = $2 where id = $1', [
      restricted.id,
      teamId,
    ])
    await restricted.say('May I?')
    expect(await ground.conversation(restricted.id)).toMatchObject({ status: 'waiting', assignee_id: null })
    await base.db.pool.query('delete from inbox_member where agent_id = $1', [ana.id])
    const foreign = await room()
    await base.db.pool.query(`update conversation set holder = 'bot' where id = $1`, [foreign.id])
    await foreign.say('From another team')
    expect(await ground.conversation(foreign.id)).toMatchObject({
      status: 'waiting',
      assignee_id: null,
      holder: 'queue',
    })
    expect((await ana.call(`GET /conversations/${foreign.id}`)).status).toBe(404)
  })

  it('is a stranger’s again when its colleague works here no more', async () => {
    await link()
    const { id, say } = await room()
    await base.db.pool.query('update agent set active = false where id = $1', [ana.id])
    await say('I do not work here any more')
    expect(await ground.conversation(id)).toMatchObject({ status: 'open', last_incoming_seq: '2' })
    expect(await ground.write(inboxId, 'I want my money', { chat: own })).toMatchObject({
      conversationId: expect.any(String),
    })
  })

  it('says nothing about history: what lies before the inbox changes no case', async () => {
    await link()
    const { id, key } = await room()
    await base.db.pool.query(`update inbox set live_since = now() + interval '1 hour' where id = $1`, [inboxId])
    await record(said('Long ago', { thread: group(key), sender: person(own) }))
    expect(await ground.conversation(id)).toMatchObject({ status: 'open', assignee_id: null })
  })
})

describe('a code in the wrong hands', () => {
  it('is looked at neither in a group, nor in a letter, nor from a browser, nor twice', async () => {
    const code = await newCode()
    await ground.write(inboxId, code, { chat: 'eve', thread: group(unique('room')) })
    const letter = letterOf(code, { from: { name: 'Ana', address: 'ana@x.example' } })
    await record({ ...letter, sender: { ...letter.sender, verifiedBy: 'dmarc' } })
    await ground.write(inboxId, code, { chat: 'visitor', clientId: crypto.randomUUID() })
    expect(await accounts()).toEqual([])
    await ground.write(inboxId, code, { chat: own })
    await ground.write(inboxId, code, { chat: 'eve' })
    expect((await accounts()).map(({ name }: { name: string }) => name)).toEqual([own])
  })

  it('takes no colleague’s account away, and no customer’s for a contact', async () => {
    await link()
    const bob = await signedIn(server, { inboxes: [inboxId] })
    await link(bob, own)
    expect([(await accounts()).length, (await accounts(bob)).length]).toEqual([1, 0])
    const { conversationId } = await ground.write(inboxId, 'Hello', { chat: 'li' })
    const { body } = await ana.call(`POST /contacts/${await ground.personOf('li')}/link-codes`)
    await ground.write(inboxId, body.code, { chat: own })
    await ground.link()
    expect(await ground.personOf(own)).not.toBe(await ground.personOf('li'))
    expect(await ground.conversation(conversationId)).toMatchObject({ last_incoming_seq: '1' })
  })

  it('is worth nothing once its colleague was let go, and needs a person who signed in', async () => {
    const code = await newCode()
    await base.db.pool.query('update agent set active = false where id = $1', [ana.id])
    await ground.write(inboxId, code, { chat: own })
    expect(await ground.rows('select agent_id from identity where key = $1', [`person-of-${own}`])).toEqual([
      { agent_id: null },
    ])
    expect((await server.call('POST /me/accounts/codes')).status).toBe(401)
  })
})
