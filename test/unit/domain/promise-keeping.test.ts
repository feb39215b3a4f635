import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Holder, Status } from '../../../src/domain/conversation.ts'
import { dueAt, type PromiseKind, type RunningPromise } from '../../../src/domain/promise.ts'
import { type CaseFacts, keepPromises } from '../../../src/domain/promise-keeping.ts'

const kinds: readonly PromiseKind[] = ['firstResponse', 'nextResponse', 'resolution', 'update']
const statuses: readonly Status[] = ['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam']
const holders: readonly Holder[] = ['queue', 'agent', 'bot']

interface Look {
  readonly after: number
  readonly status: Status
  readonly holder: Holder
  readonly word: boolean
  readonly asks: boolean
}
const looks = fc.array(
  fc.record<Look>({
    after: fc.integer({ min: 1, max: 10_000 }),
    status: fc.constantFrom(...statuses),
    holder: fc.constantFrom(...holders),
    word: fc.boolean(),
    asks: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Every state in which a case was looked at, one after the other. */
function states(story: readonly Look[]): CaseFacts[] {
  let facts: CaseFacts = {
    status: 'open',
    statusSince: 0,
    holder: 'queue',
    openedAt: 0,
    owedSince: 0,
    wordAt: null,
    now: 0,
  }
  const over = (status: Status) => status === 'resolved' || status === 'spam'
  return story.map(({ after, status, holder, word, asks }) => {
    const now = facts.now + after
    const owed = word || over(status) ? null : facts.owedSince
    facts = {
      status,
      holder,
      now,
      statusSince: status === facts.status ? facts.statusSince : now,
      openedAt: over(facts.status) && !over(status) ? now : facts.openedAt,
      wordAt: word ? now : facts.wordAt,
      owedSince: asks && !word && !over(status) ? (owed ?? now) : owed,
    }
    return facts
  })
}

function lives(story: readonly Look[], check: (running: readonly RunningPromise[], facts: CaseFacts) => void): void {
  let running: readonly RunningPromise[] = []
  for (const facts of states(story)) {
    ;({ running } = keepPromises(running, facts, new Set(kinds)))
    check(running, facts)
  }
}

it('looking twice changes nothing', () => {
  fc.assert(
    fc.property(looks, (story) => {
      lives(story, (running, facts) => {
        expect(keepPromises(running, facts, new Set(kinds))).toEqual({ running, ended: [] })
      })
    }),
  )
})

it('one of a kind runs, its pauses lie in order, and only the last is open', () => {
  fc.assert(
    fc.property(looks, (story) => {
      lives(story, (running, { now }) => {
        expect(new Set(running.map(({ kind }) => kind)).size).toBe(running.length)
        for (const { startedAt, pauses } of running) {
          const times = pauses.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
          expect([startedAt, ...times, now]).toEqual([startedAt, ...times, now].sort((a, b) => a - b))
          expect(pauses.slice(0, -1).every(({ to }) => to !== null)).toBe(true)
        }
      })
    }),
  )
})

it('a longer promise is never due before a shorter one, and one that stands is due never or long ago', () => {
  fc.assert(
    fc.property(looks, fc.integer({ min: 1, max: 20_000 }), (story, target) => {
      lives(story, (running, { now }) => {
        for (const promise of running) {
          const [short, long] = [dueAt(null, promise, target), dueAt(null, promise, target + 1_000)]
          if (short !== null && long !== null) expect(long).toBeGreaterThan(short)
          if (promise.pauses.at(-1)?.to === null && short !== null) expect(short).toBeLessThan(now + 1)
        }
      })
    }),
  )
})

it('what is over runs no more', () => {
  fc.assert(
    fc.property(looks, (story) => {
      lives(story, (running, facts) => {
        if (facts.status !== 'resolved' && facts.status !== 'spam') return
        expect(running).toEqual([])
      })
    }),
  )
})
