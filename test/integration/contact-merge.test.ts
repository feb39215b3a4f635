import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Sender } from '../../src/channel/contract.ts'
import type { Visibility } from '../../src/domain/principal.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { mergeContacts } from '../../src/store/contact-merge.ts'
import { mergeSuggestions, mergesOf } from '../../src/store/contact-suggestion.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createInbox, unique } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { whileLocked } from '../support/waiting-for-locks.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let agent: Person
let who: Visibility
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
})
beforeEach(async () => {
  await base.db.pool.query('truncate identity, contact cascade')
  inboxId = await readableInbox(base.db)
  agent = await signedIn(server, { inboxes: [inboxId], name: 'Ana' })
  who = { agentId: agent.id, inboxIds: [inboxId], teamIds: [], seesOrphans: false }
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const rows = async (sql: string, values: unknown[] = []) => (await base.db.pool.query(sql, values)).rows

interface Known {
  readonly contact: string
  readonly conversation: string
  readonly identity: string
  readonly chat: string
}
/** Somebody who wrote, as a customer of their own. */
async function customer(name: string, more: Partial<Sender> = {}, inbox = inboxId): Promise<Known> {
  const chat = unique('chat')
  const sender = { key: `person-of-${chat}`, name, ...more }
  const event = said(`I am ${name}`, { chat, sender })
  const { outcomes } = await recordInbound(base.db, { inboxId: inbox, now: new Date(), batch: { events: [event] } })
  const { conversationId } = outcomes[0] as { conversationId: string }
  const [found] = await rows('select id, contact_id from identity where key = $1', [sender.key])
  return { contact: found.contact_id, conversation: conversationId, identity: found.id, chat }
}
const merge = (kept: Known, merged: Known, by = agent) =>
  by.call(`POST /contacts/${kept.contact}/merge`, { contactId: merged.contact })
const merged = async (kept: Known, other: Known): Promise<string> => {
  const answer = await merge(kept, other)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.mergeId
}
const unmerge = (of: Known, mergeId: string, by = agent) => by.call(`POST /contacts/${of.contact}/unmerge`, { mergeId })
const get = async ({ conversation }: Known) => (await agent.call(`GET /conversations/${conversation}`)).body
const ownersOf = async (...people: Known[]) => {
  const found = new Map((await rows('select id, contact_id from identity')).map((row) => [row.id, row.contact_id]))
  return people.map(({ identity }) => found.get(identity))
}
const activities = async ({ conversation }: Known) =>
  (await agent.call(`GET /conversations/${conversation}/activities`)).body.items
const mail = (address: string, verified = true): Partial<Sender> => ({ email: { address, verified } })

describe('two contacts that are one person', () => {
  it('become one: conversations follow, versions rise, both say why, and the feed tells', async () => {
    const [li, wei] = [await customer('Li Wei', mail('Li@x.example')), await customer('wei_99', mail('li@X.example'))]
    const before = [await get(li), await get(wei)]
    await merged(li, wei)
    const after = [await get(li), await get(wei)]
    expect(after.map(({ contact }) => contact)).toEqual([
      { id: li.contact, name: 'Li Wei', picture: null },
      { id: li.contact, name: 'Li Wei', picture: null },
    ])
    expect(after.map(({ version }, at) => version - before[at].version)).toEqual([1, 1])
    for (const one of [li, wei]) {
      expect(await activities(one)).toMatchObject([
        { kind: 'contactMerged', by: { name: 'Ana' }, data: { because: ['email'], name: 'wei_99' } },
      ])
    }
    const told = await rows(`select conversation_id, version from feed where data ? 'contactMerged' order by id`)
    expect(told).toEqual(after.map(({ id, version }) => ({ conversation_id: id, version: String(version) })))
    expect((await agent.call(`GET /contacts/${li.contact}`)).body.identities).toHaveLength(2)
    expect((await agent.call(`GET /contacts/${wei.contact}`)).status).toBe(404)
    expect(await rows('select merged_into from contact where id = $1', [wei.contact])).toEqual([
      { merged_into: li.contact },
    ])
    expect(await mergesOf(base.db.pool, li.contact)).toMatchObject([
      { by: 'Ana', name: 'wei_99', evidence: [{ kind: 'email', value: 'li@x.example' }] },
    ])
  })

  it('go apart again, exactly those accounts, also in the middle of further merges', async () => {
    const [a, b, c, d] = [await customer('A'), await customer('B'), await customer('C'), await customer('D')]
    const first = await merged(a, b)
    const second = await merged(c, a)
    expect(await ownersOf(a, b, c)).toEqual([c.contact, c.contact, c.contact])
    // The first, under the second.
    expect((await unmerge(a, first)).status).toBe(404)
    expect(await unmerge(c, first)).toMatchObject({ status: 200, body: { contactId: b.contact } })
    expect(await ownersOf(a, b, c)).toEqual([c.contact, b.contact, c.contact])
    expect((await mergesOf(base.db.pool, c.contact)).map(({ name }) => name)).toEqual(['A'])
    // B comes back by another way: to undo the second must not take it along.
    const third = await merged(c, b)
    await merged(d, c)
    expect((await unmerge(d, second)).status).toBe(200)
    expect(await ownersOf(a, b, c, d)).toEqual([a.contact, d.contact, d.contact, d.contact])
    expect((await unmerge(d, third)).status).toBe(200)
    expect(await ownersOf(a, b, c, d)).toEqual([a.contact, b.contact, d.contact, d.contact])
    expect((await unmerge(d, third)).status).toBe(404)
    expect((await get(b)).contact).toEqual({ id: b.contact, name: 'B', picture: null })
    // The name of somebody who is somebody else again is nobody's to read here.
    const told = await activities(a)
    expect(told.length).toBeGreaterThan(3)
    for (const { data } of told) expect(data).not.toHaveProperty('name')
  })

  it('says so when nothing is left to undo, and refuses what is no pair', async () => {
    const [a, b, c] = [await customer('A'), await customer('B'), await customer('C')]
    const id = await merged(a, b)
    await rows('update identity set contact_id = $2 where id = $1', [b.identity, c.contact])
    expect(await unmerge(a, id)).toMatchObject({ status: 409, body: { error: { code: 'movedOn' } } })
    expect((await merge(a, a)).body.error.code).toBe('itself')
    expect((await merge(a, b)).status).toBe(404)
    const again = { keptId: a.contact, mergedId: b.contact, who: null, actor: 'contact' }
    expect(await mergeContacts(base.db, again)).toEqual({ kind: 'unknown' })
  })

  it('loses nothing and stands still for nobody while both write', async () => {
    const [a, b] = [await customer('A'), await customer('B')]
    const write = (person: Known, n: number) =>
      recordInbound(base.db, {
        inboxId,
        now: new Date(),
        // The name changes with every message, so that accounts and people are written too.
        batch: {
          events: [a, b]
            .sort(() => (person === a ? 1 : -1))
            .map(({ chat }) => said(`${n}`, { chat, sender: { key: `person-of-${chat}`, name: `${chat} ${n}` } })),
        },
      })
    const rounds = 30
    const results = await Promise.all([
      ...Array.from({ length: rounds }, (_, n) => write(n % 2 === 0 ? a : b, n)),
      (async () => {
        for (let n = 0; n < rounds / 2; n++) expect((await unmerge(a, await merged(a, b))).status).toBe(200)
      })(),
    ])
    expect(results).toHaveLength(rounds + 1)
    const counted = await rows(
      `select message_count::int as n, last_seq::int as last, (select count(*)::int from message m where m.conversation_id = c.id) as m
        from conversation c where inbox_id = $1 order by id`,
      [inboxId],
    )
    expect(counted).toEqual([a, b].map(() => ({ n: rounds + 1, last: rounds + 1, m: rounds + 1 })))
    expect(await ownersOf(a, b)).toEqual([a.contact, b.contact])
  })

  it('is done by one of two colleagues who say it at the same moment, each the other way round', async () => {
    const [a, b] = [await customer('A'), await customer('B')]
    const answers = await whileLocked(
      base.db,
      {
        sql: 'select from identity where id = any($1::bigint[]) for update',
        values: [[a.identity, b.identity]],
        count: 2,
      },
      () => Promise.all([merge(a, b), merge(b, a)]),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })
})

describe('who may be the same person', () => {
  const suggested = async (to: Known) =>
    (await mergeSuggestions(base.db.pool, to.contact, who)).map(({ contact, evidence }) => [contact.name, evidence])

  it('is told by a verified address or the operator’s own signature, never by a claim', async () => {
    const signed = { verifiedBy: 'signedWebsite', subject: 'user-42' }
    const li = await customer('Li', { ...mail('li@x.example'), ...signed })
    await customer('Same address', mail('LI@x.example'))
    await customer('Same subject', signed)
    await customer('Only claims the address', mail('li@x.example', false))
    await customer('Only claims the subject', { subject: 'user-42', profile: { subject: 'user-42' } })
    await customer('Somebody else', { ...mail('eve@x.example'), verifiedBy: 'signedWebsite', subject: 'user-43' })
    expect(await suggested(li)).toEqual([
      ['Same address', [{ kind: 'email', value: 'li@x.example' }]],
      ['Same subject', [{ kind: 'signed', value: 'user-42' }]],
    ])
    expect(
      await suggested(await customer('Claims all', { ...mail('li@x.example', false), subject: 'user-42' })),
    ).toEqual([])
  })

  it('is not told twice after somebody said no, nor of staff, nor of whom one may not see (A13)', async () => {
    const [li, wei] = [await customer('Li', mail('li@x.example')), await customer('Wei', mail('li@x.example'))]
    const elsewhere = await createInbox(base.db.pool)
    const hidden = await customer('Hidden', mail('li@x.example'), elsewhere)
    const staff = await customer('Staff', mail('li@x.example'))
    await rows('update identity set agent_id = $2 where id = $1', [staff.identity, agent.id])
    expect(await suggested(li)).toEqual([['Wei', [{ kind: 'email', value: 'li@x.example' }]]])
    const dismiss = (other: Known, by = agent) =>
      by.call(`POST /contacts/${li.contact}/suggestions/dismiss`, { contactId: other.contact })
    expect((await dismiss(wei)).status).toBe(204)
    expect(await suggested(li)).toEqual([])
    expect(await suggested(wei)).toEqual([])
    const unknown = { contact: '987654321' } as Known
    for (const ask of [merge, (one: Known, other: Known) => (one === li ? dismiss(other) : dismiss(other))]) {
      const [seen, none] = [await ask(li, hidden), await ask(li, unknown)]
      expect([seen.status, seen.body]).toEqual([404, none.body])
    }
    expect((await merge(hidden, li)).status).toBe(404)
    // Who sees both may put them together; who then sees one of the conversations may not take apart what they never saw.
    await mergeContacts(base.db, { keptId: hidden.contact, mergedId: li.contact, who: null, actor: 'system' })
    const stranger = await signedIn(server, { inboxes: [await readableInbox(base.db)] })
    const [{ id: mergeId }] = await rows('select id from contact_merge')
    expect((await unmerge(hidden, mergeId, stranger)).status).toBe(404)
    expect((await agent.call(`POST /contacts/${wei.contact}/unmerge`, { mergeId })).status).toBe(404)
  })
})
