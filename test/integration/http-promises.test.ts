import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepCurrent, recalculateEverything } from '../../src/jobs/keep-promises.ts'
import { stampFeed } from '../../src/store/feed.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createTeam, unique } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { promiseDesk } from '../support/promise-desk.ts'

let base: TestDatabase
let server: HttpServer
let boss: Person
let agent: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  boss = await signedIn(server, { role: 'admin' })
  agent = await signedIn(server, { inboxes: [await readableInbox(base.db)] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const office = (more: object = {}) => ({
  name: unique('Office'),
  timeZone: 'Europe/Berlin',
  week: [
    { day: 1, from: '09:00', to: '12:00' },
    { day: 1, from: '12:00', to: '17:00' },
  ],
  ...more,
})
const minutes = (low: number, normal: number, high: number, urgent: number | null) => ({ low, normal, high, urgent })
const jobs = async () =>
  (await base.db.pool.query(`select count(*)::int as n from job where kind = 'recalculate-promises'`)).rows[0].n

describe('business hours', () => {
  it('are added, changed and removed by administrators, and read by everybody', async () => {
    expect((await agent.call('POST /business-hours', office())).status).toBe(403)
    const made = await boss.call(
      'POST /business-hours',
      office({ holidays: [{ from: '2026-12-25', to: '2026-12-26', name: '' }] }),
    )
    expect(made).toMatchObject({ status: 201, body: { timeZone: 'Europe/Berlin', nextOpening: expect.any(String) } })
    const { id } = made.body
    expect((await agent.call('GET /business-hours')).body.items).toContainEqual(made.body)
    const before = await jobs()
    const always = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }))
    const changed = await boss.call(`PATCH /business-hours/${id}`, { week: always, holidays: [] })
    expect(changed).toMatchObject({ status: 200, body: { open: true, holidays: [], name: made.body.name } })
    expect(await jobs()).toBe(before + 1)
    expect((await boss.call(`DELETE /business-hours/${id}`)).status).toBe(204)
    expect((await boss.call(`DELETE /business-hours/${id}`)).status).toBe(404)
  })

  it.each([
    ['a zone nobody knows', { timeZone: 'Europe/Atlantis' }],
    ['an offset', { timeZone: '+02:00' }],
    ['no time at all', { week: [] }],
    ['closing before opening', { week: [{ day: 1, from: '17:00', to: '09:00' }] }],
    [
      'overlapping times',
      {
        week: [
          { day: 1, from: '09:00', to: '12:00' },
          { day: 1, from: '11:59', to: '13:00' },
        ],
      },
    ],
    ['a time past midnight', { week: [{ day: 1, from: '09:00', to: '24:30' }] }],
    ['an eighth day', { week: [{ day: 8, from: '09:00', to: '10:00' }] }],
    ['a holiday that ends first', { holidays: [{ from: '2026-12-26', to: '2026-12-25', name: '' }] }],
    ['a day that does not exist', { holidays: [{ from: '2026-02-30', to: '2026-03-01', name: '' }] }],
  ])('are refused with %s', async (_, wrong) => {
    expect((await boss.call('POST /business-hours', office(wrong))).status).toBe(400)
  })

  it('that a policy counts by stay', async () => {
    const { id } = (await boss.call('POST /business-hours', office())).body
    await boss.call('POST /sla-policies', { name: unique('P'), targets: {}, businessHoursId: id })
    expect(await boss.call(`DELETE /business-hours/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'used' } },
    })
  })
})

describe('a policy', () => {
  it('is made, changed, given to teams and inboxes, and removed', async () => {
    const [teamId, inboxId] = [await createTeam(base.db.pool), await readableInbox(base.db)]
    const body = {
      name: unique('Policy'),
      targets: { firstResponse: minutes(480, 240, 60, 15), update: minutes(960, 480, 120, null) },
      warning: { percent: 80 },
      isDefault: true,
      teamIds: [teamId],
    }
    expect((await agent.call('POST /sla-policies', body)).status).toBe(403)
    const made = await boss.call('POST /sla-policies', body)
    expect(made).toMatchObject({ status: 201, body: { ...body, businessHoursId: null, inboxIds: [] } })
    const { id } = made.body
    const change = {
      warning: { minutes: 10 },
      teamIds: [],
      inboxIds: [inboxId],
      targets: { resolution: minutes(1, 2, 3, 4) },
    }
    const before = await jobs()
    expect((await boss.call(`PATCH /sla-policies/${id}`, change)).body).toEqual({ ...made.body, ...change })
    expect(await jobs()).toBe(before + 1)
    const seen = (await agent.call('GET /sla-policies')).body.items.find((one: { id: string }) => one.id === id)
    expect(seen.inboxIds, 'of an inbox they do not see').toEqual([])
    const other = await boss.call('POST /sla-policies', { ...body, name: unique('Policy') })
    expect(other.body.isDefault).toBe(true)
    const items = (await agent.call('GET /sla-policies')).body.items
    expect(items.filter((one: { isDefault: boolean }) => one.isDefault)).toEqual([other.body])
    expect((await boss.call(`DELETE /sla-policies/${id}`)).status).toBe(204)
    expect((await boss.call(`PATCH /sla-policies/${id}`, {})).status).toBe(404)
  })

  it.each([
    ['both ways to warn', { warning: { percent: 50, minutes: 5 } }],
    ['no minute at all', { targets: { firstResponse: minutes(0, 1, 1, 1) } }],
    ['a promise that is none', { targets: { happiness: minutes(1, 1, 1, 1) } }],
  ])('is refused with %s', async (_, wrong) => {
    expect((await boss.call('POST /sla-policies', { name: unique('P'), targets: {}, ...wrong })).status).toBe(400)
  })
})

describe('conversations', () => {
  it('show what is due next, in its order, page by page, and take a policy of their own', async () => {
    await base.db.pool.query('update sla_policy set is_default = false')
    const desks = [await promiseDesk(base.db), await promiseDesk(base.db), await promiseDesk(base.db, null)]
    const ctx = { db: base.db, clock: () => new Date('2026-03-02T08:00Z') }
    for (const [n, desk] of desks.entries()) {
      desk.pass(n * -10)
      await desk.ask()
    }
    while ((await stampFeed(base.db.pool)) > 0);
    while (await keepCurrent(ctx));
    const mine = `inbox=${desks.map(({ inboxId }) => inboxId).join(',')}`
    const first = (await boss.call(`GET /conversations?sort=due&limit=1&${mine}`)).body
    expect(first.items).toMatchObject([
      { inboxId: desks[1]!.inboxId, due: { kind: 'firstResponse', at: '2026-03-02T08:50:00.000Z' } },
    ])
    const second = (await boss.call(`GET /conversations?sort=due&limit=5&${mine}&next=${first.next}`)).body
    expect(second.items).toMatchObject([{ inboxId: desks[0]!.inboxId, due: { at: '2026-03-02T09:00:00.000Z' } }])
    expect(second.next).toBeNull()
    const [{ id }] = second.items
    expect((await boss.call(`PATCH /conversations/${id}`, { slaPolicyId: '999999' })).status).toBe(400)
    const body = {
      name: unique('Strict'),
      targets: { firstResponse: minutes(5, 5, 5, 5), resolution: minutes(9, 9, 9, 9) },
    }
    const strict = (await boss.call('POST /sla-policies', body)).body
    await boss.call(`PATCH /conversations/${id}`, { slaPolicyId: strict.id })
    await recalculateEverything(ctx).run({} as never, new AbortController().signal)
    expect((await boss.call(`GET /conversations/${id}`)).body).toMatchObject({
      slaPolicyId: strict.id,
      due: { at: '2026-03-02T08:05:00.000Z' },
      promises: [
        { kind: 'firstResponse', dueAt: '2026-03-02T08:05:00.000Z' },
        { kind: 'resolution', dueAt: '2026-03-02T08:09:00.000Z' },
      ],
    })
    const { body: told } = await boss.call(`GET /conversations/${id}/activities`)
    expect(told.items).toContainEqual(expect.objectContaining({ kind: 'policyChanged' }))
  })
})
