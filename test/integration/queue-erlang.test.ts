import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { queueDesk } from '../support/queue-desk.ts'
import { customersOf, erlangWaitMs, ideallyServed, type Plan, servedByRouter } from '../support/queue-simulation.ts'

let base: TestDatabase
beforeAll(async () => {
  base = await testDatabase()
})
afterAll(() => base.close())

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const plan: Plan = { agents: 3, busy: 0.7, meanServiceMs: 240_000, customers: 400, seed: 19 }

it('Erlang’s formula for one server is the textbook’s', () => {
  const one = { ...plan, agents: 1, busy: 0.5 }
  expect(erlangWaitMs(one)).toBeCloseTo(240_000, 5)
  expect(erlangWaitMs({ ...one, agents: 2 })).toBeCloseTo(80_000, 5)
})

it('each waits as long in the real router as first come, first served allows, and all together as Erlang says', async () => {
  const desk = queueDesk(base.db)
  const { id: teamId, inboxId } = await desk.team()
  for (let n = 0; n < plan.agents; n++) await desk.agent({ teams: [teamId], capacity: 1 })
  const customers = customersOf(plan)
  const waits = await servedByRouter({ db: base.db, teamId, inboxId }, customers)
  const ideal = ideallyServed(plan, customers)
  // The clock of a conversation knows milliseconds.
  expect(waits.every((wait, index) => Math.abs(wait - (ideal[index] ?? 0)) < 50)).toBe(true)
  const expected = erlangWaitMs(plan)
  console.log(JSON.stringify({ meanWaitMs: Math.round(mean(waits)), erlangMs: Math.round(expected) }))
  expect(Math.abs(mean(waits) - expected) / expected).toBeLessThan(0.1)
}, 120_000)
