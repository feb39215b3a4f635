import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { giveOut, type Lane, type QueueTeam, type Taker, type Waiting } from '../../../src/domain/queue.ts'
import { marginalWeight, waitBefore } from '../../../src/domain/queue-candidates.ts'

const languages = ['en', 'zh', 'ja']
const topics = ['1', '2']
const skills = (names: string[]) =>
  fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 1, max: 3 }), { maxKeys: 2, noNullPrototype: true })

const taker = (id: number): fc.Arbitrary<Taker> =>
  fc.record({
    id: fc.constant(String(id)),
    capacity: fc.integer({ min: 0, max: 6 }),
    load: fc.integer({ min: 0, max: 3 }),
    held: fc.constant(new Map<string, number>()),
    turns: fc
      .uniqueArray(fc.constantFrom('1', '2'), { maxLength: 2 })
      .map((ids) => new Map(ids.map((teamId) => [teamId, id]))),
    tiers: fc.constantFrom([1], [1, 2], [1, 2, 3]),
    languages: skills(languages),
    topics: skills(topics),
    inboxIds: fc.constant(['1', '2']),
    opensAll: fc.boolean(),
  })

const lane: fc.Arbitrary<Lane> = fc.record({
  teamId: fc.constantFrom('1', '2'),
  tier: fc.integer({ min: 1, max: 3 }),
  inboxId: fc.constantFrom('1', '3'),
  inboxTeamId: fc.constantFrom('1', null),
  language: fc.constantFrom(...languages, null),
  topicId: fc.constantFrom(...topics, null),
  weight: fc.integer({ min: 1, max: 2 }),
})

const waiting = (id: number): fc.Arbitrary<Waiting> =>
  fc.record({
    id: fc.constant(String(id)),
    lane,
    rank: fc.integer({ min: 0, max: 5 }),
    waitedMs: fc.constantFrom(0, 400_000, 4_000_000),
    contactId: fc.constantFrom('1', '2', '3', null),
    owners: fc.uniqueArray(fc.constantFrom('1', '2'), { maxLength: 2 }),
    holders: fc.uniqueArray(fc.constantFrom('3', '4'), { maxLength: 1 }),
    last: fc.constantFrom('1', '5', null),
    notAgain: fc.constantFrom('2', null),
    isLastRead: fc.constant(false),
  })

const team = (id: string): fc.Arbitrary<QueueTeam> =>
  fc.record({
    id: fc.constant(id),
    strategy: fc.constantFrom('balanced', 'roundRobin', 'manual'),
    skillWaitMs: fc.constantFrom(300_000, null),
    overflowWaitMs: fc.constantFrom(600_000, null),
    overflowTeamId: fc.constantFrom(id === '1' ? '2' : '1', null),
  })

const desk = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 20 })).chain(([people, cases]) =>
  fc.record({
    takers: fc.tuple(...Array.from({ length: people }, (_, n) => taker(n + 1))),
    waiting: fc.tuple(...Array.from({ length: cases }, (_, n) => waiting(n + 1))),
    teams: fc.tuple(team('1'), team('2')),
  }),
)

const run = (
  { takers, waiting, teams }: { takers: Taker[]; waiting: Waiting[]; teams: QueueTeam[] },
  from = { turn: 100 },
) => giveOut(waiting, takers, { teams: new Map(teams.map((one) => [one.id, one])), nextTurn: () => ++from.turn }).given

describe('whatever the desk is like', () => {
  it('nobody is given more than they can have, and nothing is given twice', () => {
    fc.assert(
      fc.property(desk, (d) => {
        const before = new Map(d.takers.map((one) => [one.id, one.load]))
        const given = run(d)
        expect(new Set(given.map((one) => one.conversationId)).size).toBe(given.length)
        for (const one of d.takers) {
          expect(one.load).toBeLessThanOrEqual(Math.max(one.capacity, before.get(one.id) ?? 0))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('nobody has room for what still waits and could be theirs', () => {
    fc.assert(
      fc.property(desk, (d) => {
        const given = new Set(run(d).map((one) => one.conversationId))
        for (const one of d.waiting.filter(({ id }) => !given.has(id))) {
          const home = d.teams.find(({ id }) => id === one.lane.teamId)
          if (home === undefined || home.strategy === 'manual') continue
          const idle = d.takers.filter((agent) => {
            const wait = waitBefore(agent, one.lane, home)
            const room = agent.load + marginalWeight(agent, one) <= agent.capacity
            return room && wait !== null && one.waitedMs >= wait && one.notAgain !== agent.id
          })
          expect(idle).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('what asks for the same and comes later never goes before', () => {
    fc.assert(
      fc.property(desk, (d) => {
        const plain = d.waiting.map((one) => {
          return { ...one, owners: [], holders: [], last: null, notAgain: null, contactId: null, waitedMs: 0 }
        })
        const given = new Set(run({ ...d, waiting: plain }).map((one) => one.conversationId))
        const key = ({ lane: l }: Waiting) => JSON.stringify(l)
        for (const one of plain.filter(({ id }) => !given.has(id))) {
          const overtook = plain.filter(
            (other) => key(other) === key(one) && given.has(other.id) && other.rank > one.rank,
          )
          expect(overtook).toEqual([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('a balanced team gives each to one who has least: among equals nobody is ahead by more than one conversation', () => {
    const equals = fc.tuple(fc.integer({ min: 2, max: 6 }), fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 30 }))
    fc.assert(
      fc.property(equals, ([people, weights]) => {
        const takers = Array.from({ length: people }, (_, n): Taker => {
          const turns = new Map([['1', 0]])
          return { ...nobody, id: String(n + 1), held: new Map(), turns, capacity: 12, load: 0 }
        })
        for (const [n, weight] of weights.entries()) {
          const one = { ...plainCase, id: String(n), lane: { ...plainLane, weight } }
          const least = Math.min(...takers.map(({ load }) => load))
          const [given] = run({ takers, waiting: [one], teams: [plainTeam] }, { turn: n })
          const chosen = takers.find(({ id }) => id === given?.agentId)
          if (chosen) expect(chosen.load - weight).toBe(least)
        }
        const loads = takers.map(({ load }) => load)
        if (loads.every((load) => load < 11)) expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('a lane that was not read to its end ends the round instead of being overtaken', () => {
    const agents = ['1', '2', '3'].map((id): Taker => {
      return { ...nobody, id, held: new Map(), turns: new Map([['1', 0]]), capacity: 1, load: 0 }
    })
    const first = { ...plainCase, id: '1', rank: 1, isLastRead: true }
    const second = { ...plainCase, id: '2', rank: 2, lane: { ...plainLane, inboxId: '2' } }
    const round = giveOut([first, second], agents, { teams: new Map([['1', plainTeam]]), nextTurn: () => 1 })
    expect([round.given.length, round.more]).toEqual([1, true])
  })
})

const nobody = { tiers: [1], languages: {}, topics: {}, inboxIds: [], opensAll: true }
const plainLane: Lane = {
  teamId: '1',
  tier: 1,
  inboxId: '1',
  inboxTeamId: '1',
  language: null,
  topicId: null,
  weight: 1,
}
const plainCase: Waiting = {
  id: '1',
  lane: plainLane,
  rank: 0,
  waitedMs: 0,
  contactId: null,
  owners: [],
  holders: [],
  last: null,
  notAgain: null,
  isLastRead: false,
}
const plainTeam: QueueTeam = {
  id: '1',
  strategy: 'balanced',
  skillWaitMs: null,
  overflowWaitMs: null,
  overflowTeamId: null,
}
