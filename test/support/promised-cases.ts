import { type BusinessHours, type Calendar, calendarOf } from '../../src/domain/calendar.ts'
import type { Holder, Status } from '../../src/domain/conversation.ts'
import { dueAt, type PromiseKind, type RunningPromise } from '../../src/domain/promise.ts'
import { type CaseFacts, keepPromises } from '../../src/domain/promise-keeping.ts'

/** What happened to a case, as a test tells it. Times with the offset that the clocks there had. */
export interface Step {
  readonly at: string
  readonly status?: Status
  readonly holder?: Holder
  /** A person answered; the customer wrote. */
  readonly word?: true
  readonly asked?: true
  /** Minutes promised from then on: another priority or another policy. */
  readonly promised?: number
  readonly hours?: BusinessHours | null
}

export interface Story {
  readonly hours: BusinessHours | null
  readonly asked: string
  readonly holder?: Holder
  readonly kind?: PromiseKind
  readonly promised: number
  readonly steps?: readonly Step[]
}

const all = new Set<PromiseKind>(['firstResponse', 'nextResponse', 'resolution', 'update'])

/** When what is promised is due after all of it; null: it stands still, runs on for ever, or is none. */
export function dueInStory(story: Story): { readonly due: number | null; readonly running: readonly RunningPromise[] } {
  const { kind = 'firstResponse', steps = [] } = story
  const now = Date.parse(story.asked)
  const begin = { status: 'open', statusSince: now, openedAt: now, owedSince: now, wordAt: null, now } as const
  let facts: CaseFacts = { ...begin, holder: story.holder ?? 'queue' }
  let { promised, hours } = story
  let { running } = keepPromises([], facts, all)
  for (const step of steps) {
    facts = after(facts, step)
    ;({ running } = keepPromises(running, facts, all))
    promised = step.promised ?? promised
    hours = step.hours === undefined ? hours : step.hours
  }
  const promise = running.find((one) => one.kind === kind)
  return { due: promise ? dueAt(calendar(hours), promise, promised * 60_000) : null, running }
}

function after(facts: CaseFacts, step: Step): CaseFacts {
  const now = Date.parse(step.at)
  const status = step.status ?? (step.asked ? 'open' : step.word && facts.status === 'open' ? 'waiting' : facts.status)
  const over = (one: Status) => one === 'resolved' || one === 'spam'
  return {
    status,
    now,
    statusSince: status === facts.status ? facts.statusSince : now,
    holder: step.holder ?? facts.holder,
    openedAt: over(facts.status) && !over(status) ? now : facts.openedAt,
    wordAt: step.word ? now : facts.wordAt,
    owedSince: step.word || over(status) ? null : step.asked ? (facts.owedSince ?? now) : facts.owedSince,
  }
}

const opened = new Map<BusinessHours, Calendar>()

function calendar(hours: BusinessHours | null): Calendar | null {
  if (hours === null) return null
  const found = opened.get(hours) ?? calendarOf(hours)
  opened.set(hours, found)
  return found
}

/** 'Mon-Fri 09:00-12:00 13:00-17:00'. */
export function week(text: string): BusinessHours['week'] {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  return text.split(', ').flatMap((part) => {
    const [days = '', ...spans] = part.split(' ')
    const [first = '', last = first] = days.split('-')
    const from = names.indexOf(first)
    const count = ((names.indexOf(last) - from + 7) % 7) + 1
    return Array.from({ length: count }, (_, n) => ((from + n) % 7) + 1).flatMap((day) =>
      spans.map((span) => ({ day, from: span.slice(0, 5), to: span.slice(6) })),
    )
  })
}
