import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createAgent, createTeam } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { queueDesk } from '../support/queue-desk.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let inboxId: string
let teamId: string
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
})
beforeEach(async () => {
  await base.db.pool.query('truncate identity, contact cascade')
  teamId = await createTeam(base.db.pool)
  inboxId = await readableInbox(base.db, { teamId })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

async function waiting(ownerIds: readonly string[] = [], vip = false) {
  const desk = queueDesk(base.db)
  const { identityId, contactId } = await desk.person(ownerIds)
  const id = await desk.waits({ teamId, inboxId, identityId, vip: vip || ownerIds.length > 0 })
  const { rows } = await base.db.pool.query('select thread_id from conversation where id = $1', [id])
  await base.db.pool.query('insert into participant (thread_id, identity_id) values ($1, $2) on conflict do nothing', [
    rows[0].thread_id,
    identityId,
  ])
  await base.db.pool.query('update contact set vip = $2 where id = $1', [contactId, vip])
  return { id, contactId }
}
type Waiting = Awaited<ReturnType<typeof waiting>>

const merge = async (kept: Waiting, other: Waiting): Promise<string> => {
  const { status, body, text } = await boss.call(`POST /contacts/${kept.contactId}/merge`, {
    contactId: other.contactId,
  })
  expect(status, text).toBe(200)
  return body.mergeId
}
const unmerge = async (of: Waiting, mergeId: string) =>
  expect((await boss.call(`POST /contacts/${of.contactId}/unmerge`, { mergeId })).status).toBe(200)
const first = async (...cases: Waiting[]) =>
  (
    await base.db.pool.query('select vip from conversation where id = any($1::bigint[]) order by id', [
      cases.map(({ id }) => id),
    ])
  ).rows.map(({ vip }) => vip)
const owners = async ({ contactId }: Waiting) => (await boss.call(`GET /contacts/${contactId}/owners`)).body.agentIds

describe('two people who are one', () => {
  it('go first with all they wait with as soon as one of them does, and no longer than that', async () => {
    const [plain, vip] = [await waiting(), await waiting([], true)]
    const mergeId = await merge(plain, vip)
    expect(await first(plain, vip)).toEqual([true, true])
    expect((await boss.call(`GET /conversations/${plain.id}`)).body).toMatchObject({ vip: true })
    await unmerge(plain, mergeId)
    expect(await first(plain, vip)).toEqual([false, true])
  })

  it('are known by the people of both: first who knew the one that was kept', async () => {
    const [ana, bo, cy] = [
      await createAgent(base.db.pool),
      await createAgent(base.db.pool),
      await createAgent(base.db.pool),
    ]
    const [plain, kept, other] = [await waiting(), await waiting([ana, bo]), await waiting([bo, cy])]
    const mergeId = await merge(kept, other)
    expect(await owners(kept)).toEqual([ana, bo, cy])
    const later = await merge(plain, kept)
    expect(await owners(plain)).toEqual([ana, bo, cy])
    expect(await first(plain, kept, other)).toEqual([true, true, true])
    // What the first one brought goes from where it was taken to.
    await unmerge(plain, mergeId)
    expect([await owners(plain), await owners(other)]).toEqual([
      [ana, bo],
      [bo, cy],
    ])
    await unmerge(plain, later)
    expect([await owners(plain), await owners(kept)]).toEqual([[], [ana, bo]])
    expect(await first(plain, kept, other)).toEqual([false, true, true])
  })

  it('keep what each is by themselves when they are parted', async () => {
    const [one, other] = [await waiting([], true), await waiting([], true)]
    await unmerge(one, await merge(one, other))
    expect(await first(one, other)).toEqual([true, true])
  })
})

it('a person’s language, said by hand, is what their waiting conversations ask for from then on', async () => {
  const desk = queueDesk(base.db)
  const person = await waiting()
  await desk.agent({ teams: [teamId], languages: { zh: 3 } })
  await base.db.pool.query(`update conversation set language = 'en' where id = $1`, [person.id])
  await desk.drain()
  expect(await desk.holderOf(person.id)).toBeNull()
  const before = (await boss.call(`GET /conversations/${person.id}`)).body
  expect((await boss.call(`PATCH /contacts/${person.contactId}`, { language: 'zh-Hans' })).status).toBe(200)
  expect((await boss.call(`GET /conversations/${person.id}`)).body).toMatchObject({
    language: 'zh',
    version: before.version + 1,
  })
  await desk.drain()
  expect(await desk.holderOf(person.id)).not.toBeNull()
})
