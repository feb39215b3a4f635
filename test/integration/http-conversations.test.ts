import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncTags } from '../../src/store/conversation.ts'
import { foldConversationCounts } from '../../src/store/conversation-count.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { addMember, createAgent, createConversation, createMessage, createTeam } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let otherInbox: string
let person: Person
let colleague: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  otherInbox = await readableInbox(base.db)
  person = await signedIn(server, { name: 'Ann', inboxes: [inboxId, otherInbox] })
  colleague = await signedIn(server, { name: 'Bo', inboxes: [inboxId] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n))
const ids = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map((item) => item.id)

describe('the list', () => {
  it('filters by each dimension and by several at once', async () => {
    const teamId = await createTeam(base.db.pool)
    const made = await Promise.all(
      [
        { inboxId, assigneeId: person.id, lastActivityAt: minute(1) },
        { inboxId, teamId, priority: 4, lastActivityAt: minute(2) },
        { inboxId: otherInbox, status: 'waiting' as const, lastActivityAt: minute(3) },
        { inboxId, status: 'resolved' as const, assigneeId: colleague.id, teamId, lastActivityAt: minute(4) },
      ].map((wish) => createConversation(base.db.pool, wish)),
    )
    const [mine, team, waiting, resolved] = made.map((conversation) => conversation.id)
    await base.db.pool.query(`update conversation set tags = '{vip}' where id = any($1)`, [[team, waiting]])
    await syncTags(base.db.pool, [team!, waiting!])
    const contact = await base.db.pool.query('select contact_id from identity where id = $1', [made[0]?.identityId])
    const cases: [string, (string | undefined)[]][] = [
      ['', [resolved, waiting, team, mine]],
      ['status=open', [team, mine]],
      ['status=open,waiting', [waiting, team, mine]],
      ['assignee=me', [mine]],
      ['assignee=none', [waiting, team]],
      [`assignee=none,${colleague.id}`, [resolved, waiting, team]],
      [`team=${teamId}`, [resolved, team]],
      ['team=none', [waiting, mine]],
      ['tag=vip', [waiting, team]],
      ['tag=vip,other&status=waiting', [waiting]],
      [`tag=vip&inbox=${inboxId}`, [team]],
      ['priority=urgent', [team]],
      ['channel=loop&status=open', [team, mine]],
      ['channel=email', []],
      [`contact=${contact.rows[0].contact_id}`, [mine]],
      [`inbox=${otherInbox}`, [waiting]],
      [`assignee=${colleague.id}&team=${teamId}&status=resolved&channel=loop`, [resolved]],
    ]
    for (const [query, expected] of cases) {
      expect([query, ids(await person.call(`GET /conversations?${query}`))]).toEqual([query, expected])
    }
    expect(ids(await colleague.call('GET /conversations'))).toEqual([resolved, team, mine])
    await base.db.pool.query(
      'delete from conversation_tag; delete from participant; update thread set conversation_id = null',
    )
    await base.db.pool.query('delete from conversation')
  })

  it('is walked by keyset in both orders without a gap or a repeat, also among equal times', async () => {
    const own = await readableInbox(base.db)
    const walker = await signedIn(server, { inboxes: [own] })
    const made: string[] = []
    for (let n = 0; n < 7; n++) {
      const { id } = await createConversation(base.db.pool, { inboxId: own, lastActivityAt: minute(Math.floor(n / 3)) })
      await base.db.pool.query('update conversation set waiting_since = last_activity_at where id = $1', [id])
      made.push(id)
    }
    const walk = async (sort: string) => {
      const seen: string[] = []
      let next: string | null = ''
      while (next !== null) {
        const page = await walker.call(`GET /conversations?limit=2&sort=${sort}${next && `&next=${next}`}`)
        seen.push(...ids(page))
        next = page.body.next
      }
      return seen
    }
    expect(await walk('lastActivity')).toEqual([...made].reverse())
    expect(await walk('waitingSince')).toEqual(made)
  })

  it('takes at most three queries, the session among them', async () => {
    const queries = await countQueries(() => person.call('GET /conversations?status=open&tag=vip&assignee=me'))
    expect(queries).toBeGreaterThan(0)
    expect(queries).toBeLessThanOrEqual(3)
    expect(await countQueries(() => person.call('GET /conversations/counts'))).toBeLessThanOrEqual(3)
  })

  it('refuses what it does not understand', async () => {
    for (const query of [
      'status=odd',
      'sort=odd',
      'limit=0',
      'limit=101',
      'q=x',
      'next=zzz',
      'assignee=bob',
      'status=',
    ]) {
      expect([query, (await person.call(`GET /conversations?${query}`)).status]).toEqual([query, 400])
    }
  })
})

/** Statements the server's pool runs during `work`. */
async function countQueries(work: () => Promise<unknown>): Promise<number> {
  const { pool } = base.db
  const original = pool.query
  let count = 0
  pool.query = ((...given: unknown[]) => {
    count += 1
    return Reflect.apply(original, pool, given)
  }) as typeof pool.query
  try {
    await work()
  } finally {
    pool.query = original
  }
  return count
}

describe('counts', () => {
  it('follow every change, folded or not', async () => {
    const own = await readableInbox(base.db)
    const counter = await signedIn(server, { inboxes: [own] })
    const teamId = await createTeam(base.db.pool)
    await createConversation(base.db.pool, { inboxId: own, assigneeId: counter.id })
    await createConversation(base.db.pool, { inboxId: own, teamId })
    const { id } = await createConversation(base.db.pool, { inboxId: own })
    await createConversation(base.db.pool, { inboxId: own, restricted: true })
    const expected = { mine: 1, unassigned: 2, all: 3, snoozed: 0, teams: [{ id: teamId, count: 1 }] }
    expect((await counter.call('GET /conversations/counts')).body).toEqual(expected)
    await foldConversationCounts(base.db)
    expect((await counter.call('GET /conversations/counts')).body).toEqual(expected)
    await counter.call(`PATCH /conversations/${id}`, { status: 'resolved' })
    expect((await counter.call('GET /conversations/counts')).body).toMatchObject({ unassigned: 1, all: 2 })
    await foldConversationCounts(base.db)
    expect((await counter.call('GET /conversations/counts')).body).toMatchObject({ unassigned: 1, all: 2 })
  })
})

describe('a change', () => {
  it('is one version, one activity each, and shown at once', async () => {
    const { id } = await createConversation(base.db.pool, { inboxId })
    const answer = await person.call(`PATCH /conversations/${id}`, {
      assigneeId: colleague.id,
      priority: 'high',
      tags: ['b', 'a', 'b'],
      subject: 'About a deposit',
    })
    expect(answer.body).toMatchObject({
      assigneeId: colleague.id,
      holder: 'agent',
      priority: 'high',
      tags: ['a', 'b'],
      subject: 'About a deposit',
      version: 1,
    })
    const { body } = await person.call(`GET /conversations/${id}/activities`)
    const kinds = body.items.map((item: { kind: string }) => item.kind).sort()
    expect(kinds).toEqual(['assigned', 'priorityChanged', 'subjectChanged', 'tagsChanged'])
    expect(body.items[0].by).toEqual({ type: 'agent', id: person.id, name: 'Ann' })
    expect(JSON.stringify(body)).not.toContain('deposit')
    expect(ids(await person.call('GET /conversations?tag=a'))).toEqual([id])
    const feed = await base.db.pool.query(`select count(*)::int as n from feed where conversation_id = $1`, [id])
    expect(feed.rows[0].n).toBe(1)
    const again = await person.call(`PATCH /conversations/${id}`, { priority: 'high' })
    expect(again.body.version).toBe(1)
  })

  it('needs what its status needs', async () => {
    const { id } = await createConversation(base.db.pool, { inboxId })
    const patch = (body: unknown) => person.call(`PATCH /conversations/${id}`, body)
    expect((await patch({ status: 'snoozed' })).body.error.details).toEqual([
      { field: 'snoozedUntil', message: 'is needed to snooze' },
    ])
    expect((await patch({ status: 'snoozed', snoozedUntil: '2020-01-01T00:00:00Z' })).status).toBe(400)
    expect((await patch({ status: 'onHold' })).status).toBe(400)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    expect((await patch({ status: 'snoozed', snoozedUntil: until })).body).toMatchObject({
      status: 'snoozed',
      snoozedUntil: until,
    })
    expect((await patch({ status: 'onHold', onHoldFor: 'the bank' })).body).toMatchObject({
      status: 'onHold',
      onHoldFor: 'the bank',
      snoozedUntil: null,
    })
    expect((await patch({ status: 'resolved' })).body).toMatchObject({ status: 'resolved', onHoldFor: null })
    expect((await patch({ status: 'open' })).body).toMatchObject({ status: 'open', resolvedAt: null })
  })

  it('conflicts only with what a colleague changed since', async () => {
    const { id } = await createConversation(base.db.pool, { inboxId })
    await colleague.call(`PATCH /conversations/${id}`, { priority: 'low' })
    expect((await person.call(`PATCH /conversations/${id}`, { status: 'waiting', basedOn: 0 })).status).toBe(200)
    const stale = await colleague.call(`PATCH /conversations/${id}`, { status: 'resolved', basedOn: 1 })
    expect(stale.status).toBe(409)
    expect(stale.body.error.details).toEqual({ version: 2, changes: [{ kind: 'status', by: null }] })
    expect((await person.call(`PATCH /conversations/${id}`, { status: 'open', basedOn: 1 })).status).toBe(200)
    const forced = await colleague.call(`PATCH /conversations/${id}`, { status: 'resolved', basedOn: 1, force: true })
    expect(forced.status).toBe(200)
  })

  it('gives a case to nobody who could not open it', async () => {
    const { id } = await createConversation(base.db.pool, { inboxId: otherInbox })
    expect((await person.call(`PATCH /conversations/${id}`, { assigneeId: colleague.id })).status).toBe(400)
    const gone = await createAgent(base.db.pool, { active: false, inboxes: [otherInbox] })
    expect((await person.call(`PATCH /conversations/${id}`, { assigneeId: gone })).status).toBe(400)
    await addMember(base.db.pool, otherInbox, colleague.id)
    expect((await person.call(`PATCH /conversations/${id}`, { assigneeId: colleague.id })).status).toBe(200)
    expect((await person.call(`PATCH /conversations/${id}`, { teamId: '999999' })).status).toBe(400)
  })

  it('does not reopen a case beside a newer open one of the same place', async () => {
    const old = await createConversation(base.db.pool, { inboxId, status: 'resolved' })
    await createConversation(base.db.pool, { threadId: old.threadId, identityId: old.identityId })
    const answer = await person.call(`PATCH /conversations/${old.id}`, { status: 'open' })
    expect([answer.status, answer.body.error.code]).toEqual([409, 'newerConversation'])
  })
})

describe('reading', () => {
  it('is marked for each agent apart and never goes back', async () => {
    const conversation = await createConversation(base.db.pool, { inboxId })
    for (let n = 0; n < 3; n++) await createMessage(base.db.pool, conversation)
    const unread = async (who: Person) => (await who.call(`GET /conversations/${conversation.id}`)).body
    expect(await unread(person)).toMatchObject({ unread: true, lastSeq: 3, readSeq: 0 })
    expect((await person.call(`PUT /conversations/${conversation.id}/read`, { seq: 99 })).status).toBe(204)
    await person.call(`PUT /conversations/${conversation.id}/read`, { seq: 1 })
    expect(await unread(person)).toMatchObject({ unread: false, readSeq: 3 })
    expect(await unread(colleague)).toMatchObject({ unread: true })
  })

  it('shows a person with their accounts to those who see one of their cases', async () => {
    const { identityId } = await createConversation(base.db.pool, { inboxId: await readableInbox(base.db) })
    const { rows } = await base.db.pool.query('select contact_id as id from identity where id = $1', [identityId])
    expect((await person.call(`GET /contacts/${rows[0].id}`)).status).toBe(404)
    const boss = await signedIn(server, { role: 'admin' })
    const seen = await boss.call(`GET /contacts/${rows[0].id}`)
    expect(seen.body.identities).toMatchObject([{ id: identityId, channel: 'loop', verified: false, email: null }])
  })
})
