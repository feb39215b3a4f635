import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { type Random, seeded } from '../chaos/random.ts'
import { type TestClock, testClock } from './clock.ts'

/** Customers who come by chance, served one at a time by each of several equals: M/M/c. Times in ms. */
export interface Plan {
  readonly agents: number
  /** Of all together; below 1. */
  readonly busy: number
  readonly meanServiceMs: number
  readonly customers: number
  readonly seed: number
}

export interface Customer {
  readonly at: number
  readonly service: number
}

export function customersOf({ agents, busy, meanServiceMs, customers, seed }: Plan): Customer[] {
  const random = seeded(seed)
  const meanGap = meanServiceMs / (agents * busy)
  let at = 0
  return Array.from({ length: customers }, () => {
    at += exponential(random, meanGap)
    return { at, service: exponential(random, meanServiceMs) }
  })
}

const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean

/** Mean wait by Erlang's formula. */
export function erlangWaitMs({ agents, busy, meanServiceMs }: Plan): number {
  const load = agents * busy
  let inverse = 1
  for (let n = 1; n <= agents; n += 1) inverse = 1 + (n / load) * inverse
  const blocked = 1 / inverse
  const waits = blocked / (1 - busy * (1 - blocked))
  return (waits * meanServiceMs) / (agents * (1 - busy))
}

/** What first come, first served makes of the same customers, worked out without any of our code. */
export function ideallyServed({ agents }: Plan, customers: readonly Customer[]): number[] {
  const free = Array.from({ length: agents }, () => 0)
  return customers.map(({ at, service }) => {
    const next = free.indexOf(Math.min(...free))
    const begins = Math.max(at, free[next] ?? 0)
    free[next] = begins + service
    return begins - at
  })
}

interface Desk {
  readonly db: Database
  readonly teamId: string
  readonly inboxId: string
}

/** The same through the real router on a real database; only the clock is ours. Answers how long each waited. */
export async function servedByRouter(desk: Desk, customers: readonly Customer[]): Promise<number[]> {
  const clock = testClock()
  const start = clock().getTime()
  const waits = customers.map(() => Number.NaN)
  const indexOf = new Map<string, number>()
  const ends: { at: number; id: string }[] = []
  let next = 0
  for (;;) {
    const end = ends[0]
    const come = customers[next]
    if (!end && !come) return waits
    const now = end && (!come || end.at <= come.at) ? end.at : (come?.at ?? 0)
    clock.set(new Date(start + now))
    if (end && now === end.at)
      await desk.db.pool.query(`update conversation set status = 'resolved' where id = $1`, [ends.shift()?.id])
    else indexOf.set(await arrives(desk, clock), next++)
    for (const id of await give(desk, clock)) {
      const index = indexOf.get(id) ?? -1
      const customer = customers[index]
      if (!customer) throw new Error(`${id} came from nowhere`)
      waits[index] = now - customer.at
      ends.push({ at: now + customer.service, id })
      ends.sort((a, b) => a.at - b.at)
    }
  }
}

async function give({ db }: Desk, clock: TestClock): Promise<readonly string[]> {
  const given: string[] = []
  for (let more = true; more; ) {
    const round = await transaction(db, (tx) => assignWaiting(tx, clock()))
    given.push(...round.given)
    more = round.more
  }
  return given
}

async function arrives({ db, inboxId, teamId }: Desk, clock: TestClock): Promise<string> {
  const { rows } = await db.pool.query(
    `with place as (insert into thread (inbox_id, key, kind, audience, place)
        values ($1, gen_random_uuid()::text, 'chat', 'private', 'x') returning id)
      insert into conversation (inbox_id, thread_id, status, audience, team_id, waiting_since, last_activity_at, routed_at)
      select $1, id, 'open', 'private', $2, $3, $3, $3 from place returning id`,
    [inboxId, teamId, clock()],
  )
  return (rows[0] as { id: string }).id
}
