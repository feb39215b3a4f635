import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startQueues } from '../../src/routing/drain.ts'
import { watchQueues } from '../../src/routing/watch-queues.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { queueDesk } from '../support/queue-desk.ts'
import { silent } from '../support/scripted-channel.ts'
import { identitySecret, visitorApp } from '../support/visitor-app.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person

beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
})
afterAll(async () => {
  await server.close()
  await base.close()
})

const stuck: [string, (id: string, agentId: string) => string][] = [
  ['in the queue of a team without people', (id) => `update conversation set routed_at = now() where id = ${id}`],
  ['at a level that nobody serves', (id) => `update conversation set tier = 3, routed_at = now() where id = ${id}`],
  ['in no team', (id) => `update conversation set team_id = null, routed_at = now() where id = ${id}`],
  ['with a bot that says nothing', (id) => `update conversation set holder = 'bot' where id = ${id}`],
  [
    'with somebody who left',
    (id, agentId) =>
      `update agent set active = false where id = ${agentId}; update conversation set assignee_id = ${agentId}, holder = 'agent' where id = ${id}`,
  ],
  ['held by nobody', (id) => `update conversation set holder = 'agent' where id = ${id}`],
  ['never looked at', (id) => `update conversation set routed_at = null where id = ${id}`],
  [
    'asleep for a year',
    (id) => `update conversation set status = 'snoozed', snoozed_until = now() + interval '1 year' where id = ${id}`,
  ],
  ['on hold for good', (id) => `update conversation set status = 'onHold', on_hold_for = 'somebody' where id = ${id}`],
  [
    'with a bot that its inbox has switched off',
    (id) =>
      `update conversation set holder = 'bot' where id = ${id};
       update inbox set bot = false where id = (select inbox_id from conversation where id = ${id})`,
  ],
  [
    'in an inbox that is stopped',
    (id) => `update inbox set enabled = false where id = (select inbox_id from conversation where id = ${id})`,
  ],
  [
    'with somebody who is away for good',
    (id, agentId) => `update conversation set assignee_id = ${agentId}, holder = 'agent' where id = ${id}`,
  ],
  [
    'due at a time that never comes',
    (id) => `update conversation set due_at = null, due_kind = null, waiting_since = null where id = ${id}`,
  ],
  ['taken for spam', (id) => `update conversation set status = 'spam' where id = ${id}`],
]

describe('pain 46: whatever a conversation is stuck in, an administrator gets it out', () => {
  it.each(stuck)('%s: it can be given, taken back, moved and closed', async (_, sql) => {
    const desk = queueDesk(base.db)
    const { id: teamId } = await desk.team()
    const other = await desk.team()
    const inboxId = await readableInbox(base.db, { teamId })
    const id = await desk.waits({ teamId, inboxId })
    await base.db.pool.query(sql(id, await desk.agent({ availability: 'offline' })))
    const patch = async (body: object) => {
      const { status, body: after } = await boss.call(`PATCH /conversations/${id}`, body)
      return { status, ...after }
    }
    expect(await patch({ assigneeId: boss.id })).toMatchObject({
      status: expect.anything(),
      assigneeId: boss.id,
      holder: 'agent',
    })
    expect(await patch({ assigneeId: null })).toMatchObject({ assigneeId: null, holder: 'queue' })
    expect(await patch({ teamId: other.id })).toMatchObject({ teamId: other.id })
    expect(await patch({ status: 'resolved' })).toMatchObject({ status: 'resolved' })
    expect(await patch({ status: 'open' })).toMatchObject({ status: 'open' })
  })
})

it('nobody who is there has room for long while something waits for them, though nobody told of it', async () => {
  const desk = queueDesk(base.db)
  const { id: teamId, inboxId } = await desk.team()
  const agent = await desk.agent({ teams: [teamId], availability: 'offline' })
  const ctx = { db: base.db, clock: desk.clock, log: silent, connections: server.deps.connections }
  const queues = startQueues(ctx, watchQueues(ctx))
  try {
    const id = await desk.waits({ teamId, inboxId })
    await base.db.pool.query(`update agent set availability = 'online' where id = $1`, [agent])
    await eventually(async () => expect(await desk.holderOf(id)).toBe(agent))
    const { rows } = await base.db.pool.query('select pace from inbox where id = $1', [inboxId])
    expect(rows).toEqual([{ pace: 'messages' }])
    await base.db.pool.query(`update agent set availability = 'away' where id = $1`, [agent])
    await eventually(async () =>
      expect((await desk.one('select gone_since from agent where id = $1', [agent])).gone_since).not.toBeNull(),
    )
    desk.clock.advance(120_000)
    await eventually(async () => expect(await desk.holderOf(id)).toBeNull())
  } finally {
    await queues.stop()
  }
})

it('a website that signs for somebody may sign that they go first, and no longer', async () => {
  const app = await visitorApp(base)
  try {
    const inboxId = await app.inbox({ identitySecret })
    const signed = (vip: unknown) =>
      new SignJWT({ name: 'Marta', ...(vip === undefined ? {} : { vip }) })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('user-7')
        .setAudience(inboxId)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(identitySecret))
    const session = async (vip: unknown) =>
      fetch(`${app.url}/widget/v1/${inboxId}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ identity: await signed(vip) }),
      })
    const writes = async (vip: unknown) => {
      const { visitorToken } = (await (await session(vip)).json()) as { visitorToken: string }
      const text = `Hello ${crypto.randomUUID()}`
      const sent = await fetch(`${app.url}/widget/v1/${inboxId}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${visitorToken}` },
        body: JSON.stringify({ clientId: crypto.randomUUID(), text }),
      })
      expect(sent.status).toBe(201)
      const { rows } = await base.db.pool.query(
        `select c.id, n.contact_id as "contactId" from message m join conversation c on c.id = m.conversation_id
          join identity n on n.id = m.sender_identity_id where m.text = $1`,
        [text],
      )
      return rows[0] as { id: string; contactId: string }
    }
    expect((await session('yes')).status).toBe(401)
    const { id, contactId } = await writes(true)
    await eventually(async () => {
      const { rows } = await base.db.pool.query('select vip from conversation where id = $1', [id])
      expect(rows).toEqual([{ vip: true }])
    })
    expect((await boss.call(`GET /contacts/${contactId}`)).body.vip).toBe(true)
    await writes(false)
    expect((await boss.call(`GET /contacts/${contactId}`)).body.vip).toBe(false)
  } finally {
    await app.close()
  }
})
