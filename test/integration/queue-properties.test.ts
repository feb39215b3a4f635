import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { drainQueues } from '../../src/routing/drain.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type QueueDesk, queueDesk } from '../support/queue-desk.ts'
import { type HeldCase, idleBeside, type LookedAt, lookAt, type Worker } from '../support/queue-look.ts'

let base: TestDatabase
let second: Database
let desk: QueueDesk

beforeAll(async () => {
  base = await testDatabase()
  second = await openDatabase(base.target, { poolSize: 2 })
})
afterAll(async () => {
  await second.close()
  await base.close()
})
beforeEach(() => {
  desk = queueDesk(base.db)
})

/** On a machine that does other things as well fewer runs are enough. */
const longestMs = 45_000

/** Two nodes give out at the same moment. */
const bothDrain = () => Promise.all([desk.drain(), drainQueues({ db: second, clock: desk.clock })])

const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('asks' as const),
      inbox: fc.constantFrom(0, 0, 0, 1, 2),
      person: fc.option(fc.nat(2), { nil: null, freq: 2 }),
      language: fc.constantFrom('en', 'en', 'zh', null),
      priority: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('resolved' as const, 'waiting' as const), which: fc.nat(20) }),
  },
  fc.record({ kind: fc.constant('writesAgain' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('says' as const), who: fc.nat(2), state: fc.constantFrom('online', 'away') }),
  fc.record({ kind: fc.constant('capacity' as const), who: fc.nat(2), points: fc.integer({ min: 0, max: 5 }) }),
)
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

const worker = fc.record({
  capacity: fc.integer({ min: 0, max: 3 }),
  languages: fc.constantFrom({}, { en: 3 }, { zh: 2 }, { en: 1, zh: 3 }),
  teams: fc.constantFrom([0], [1], [0, 1]),
})

interface Place {
  readonly teamIds: readonly string[]
  readonly inboxIds: readonly string[]
  readonly agentIds: readonly string[]
  readonly persons: readonly string[]
}

/** One inbox of letters (weight 1) and one of a website (weight 2) for the first team, one of letters for the second. */
async function furnish(
  workers: readonly { capacity: number; languages: object; teams: readonly number[] }[],
): Promise<Place> {
  const teams = [await desk.team(), await desk.team({ strategy: 'roundRobin' })]
  const teamIds = teams.map(({ id }) => id)
  const live = (
    await desk.one(
      `insert into inbox (name, channel, team_id, settings, enabled, pace)
    select name, channel, team_id, settings, enabled, 'live' from inbox where id = $1 returning id`,
      [teams[0]?.inboxId],
    )
  ).id
  await base.db.pool.query(`update inbox set pace = 'letters' where pace is null`)
  const agentIds: string[] = []
  for (const { capacity, languages, teams: theirs } of workers) {
    const wish = {
      capacity,
      languages: languages as Record<string, number>,
      teams: theirs.map((n) => teamIds[n] ?? ''),
    }
    agentIds.push(await desk.agent({ ...wish, role: 'admin' }))
  }
  const persons: string[] = []
  for (let n = 0; n < 3; n += 1) persons.push((await desk.person()).identityId)
  return { teamIds, inboxIds: [teams[0]?.inboxId ?? '', live, teams[1]?.inboxId ?? ''], agentIds, persons }
}

async function happens(place: Place, one: Event): Promise<void> {
  const { pool } = base.db
  const nth = (of: string, n: number) =>
    `select id from conversation where ${of} order by id offset ${n} % greatest(1, (select count(*) from conversation where ${of})) limit 1`
  switch (one.kind) {
    case 'asks': {
      const identityId = one.person === null ? undefined : place.persons[one.person]
      await desk.waits({
        inboxId: place.inboxIds[one.inbox] ?? '',
        teamId: place.teamIds[one.inbox === 2 ? 1 : 0] ?? null,
        priority: one.priority,
        ...(one.language && { language: one.language }),
        ...(identityId && { identityId }),
      })
      return
    }
    case 'resolved':
    case 'waiting':
      await pool.query(
        `update conversation set status = $1 where id = (${nth(`status = 'open' and assignee_id is not null`, one.which)})`,
        [one.kind],
      )
      return
    case 'writesAgain':
      await pool.query(
        `update conversation set status = 'open', waiting_since = $1 where id = (${nth(`status = 'waiting'`, one.which)})`,
        [desk.clock()],
      )
      return
    case 'says':
      await pool.query('update agent set availability = $2 where id = $1', [place.agentIds[one.who], one.state])
      return
    case 'capacity':
      await pool.query('update agent set capacity = $2 where id = $1', [place.agentIds[one.who], one.points])
      return
    default:
      one satisfies never
  }
}

const givenSince = (before: LookedAt, after: LookedAt): HeldCase[] =>
  after.held.filter(({ id }) => before.waiting.some((one) => one.id === id))

describe('whatever happens at a desk, with two nodes giving out at once', () => {
  it('nobody is given more than they can have, nothing twice, nobody idle beside what could be theirs, nothing overtaken', async () => {
    const runs = fc.asyncProperty(
      fc.array(worker, { minLength: 1, maxLength: 3 }),
      fc.array(event, { minLength: 12, maxLength: 24, size: 'max' }),
      async (workers, events) => {
        const place = await furnish(workers)
        for (const one of events) {
          desk.clock.advance(1_000)
          await happens(place, one)
          const before = await lookAt(base.db.pool, place.teamIds)
          await bothDrain()
          const after = await lookAt(base.db.pool, place.teamIds)
          const given = givenSince(before, after)
          expect(overfull(given, after.workers)).toEqual([])
          expect(after.twice).toEqual([])
          expect(idleBeside(after)).toEqual([])
          expect(overtaken(given, after)).toEqual([])
          expect(notLinked(given, before, after)).toEqual([])
        }
      },
    )
    await fc.assert(runs, { numRuns: 25, interruptAfterTimeLimit: longestMs })
  }, 120_000)

  it('among equals in skill the gap never exceeds one conversation’s weight', async () => {
    const weights = fc.array(fc.constantFrom<0 | 1>(0, 1), { minLength: 4, maxLength: 14 })
    const runs = fc.asyncProperty(fc.integer({ min: 2, max: 4 }), weights, async (people, inboxes) => {
      const equal = { capacity: 30, languages: { en: 2 }, teams: [0] }
      const place = await furnish(Array.from({ length: people }, () => equal))
      for (const inbox of inboxes) {
        desk.clock.advance(1_000)
        await happens(place, { kind: 'asks', inbox, person: null, language: 'en', priority: 2 })
        await bothDrain()
        const loads = (await lookAt(base.db.pool, place.teamIds)).workers.map(({ load }) => load)
        const heaviest = Math.max(...inboxes.map((which) => which + 1))
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(heaviest)
      }
    })
    await fc.assert(runs, { numRuns: 15, interruptAfterTimeLimit: longestMs })
  }, 120_000)
})

/** Who was given something and has more than they can have now. */
function overfull(given: readonly HeldCase[], workers: readonly Worker[]): string[] {
  return workers
    .filter(({ id, load, capacity }) => load > capacity && given.some(({ assigneeId }) => assigneeId === id))
    .map(({ id, load, capacity }) => `${id} has ${load} of ${capacity}`)
}

/** What waits and should have come before something of the same kind that was given to somebody nobody chose by name. */
function overtaken(given: readonly HeldCase[], { waiting }: LookedAt): string[] {
  const usual = given.filter(({ why }) => why === 'balanced' || why === 'roundRobin')
  return waiting.flatMap((one) =>
    usual
      .filter((other) => other.lane === one.lane && other.weight === one.weight && other.rank > one.rank)
      .map((other) => `${other.id} before ${one.id}`),
  )
}

/** Who deals with the person already had room before and still has it, and yet it went to somebody else. */
function notLinked(given: readonly HeldCase[], before: LookedAt, after: LookedAt): string[] {
  return given.flatMap((one) => {
    const holders = before.held.filter(({ contactId, id }) => contactId === one.contactId && id !== one.id)
    const could = holders.filter(({ assigneeId }) =>
      after.workers.some(
        ({ id, online, load, capacity }) => id === assigneeId && online && load + one.weight <= capacity,
      ),
    )
    if (could.length === 0 || could.some(({ assigneeId }) => holders.length > 0 && assigneeId === one.assigneeId))
      return []
    return holders.some(({ assigneeId }) => assigneeId === one.assigneeId) ? [] : [`${one.id} of ${one.contactId}`]
  })
}
