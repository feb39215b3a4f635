import type { Holder, Status } from './conversation.ts'
import type { PromiseKind, RunningPromise } from './promise.ts'

/** What of a conversation decides about its promises. Instants, ms. */
export interface CaseFacts {
  readonly status: Status
  readonly statusSince: number
  readonly holder: Holder
  /** When the case began, or began again. */
  readonly openedAt: number
  /** Since when the customer has waited for a person's word. */
  readonly owedSince: number | null
  /** A person's newest word to the customer. */
  readonly wordAt: number | null
  readonly now: number
}

/** `done` as promised, if it was in time; `gone`: nobody waits for it any more. */
export interface EndedPromise {
  readonly promise: RunningPromise
  readonly at: number
  readonly how: 'done' | 'gone'
}

export interface KeptPromises {
  readonly running: readonly RunningPromise[]
  readonly ended: readonly EndedPromise[]
}

/**
 * What runs on a conversation now, from what ran when it was last looked at. `promised`: the kinds its policy speaks of. Looking twice
 * changes nothing.
 */
export function keepPromises(
  before: readonly RunningPromise[],
  facts: CaseFacts,
  promised: ReadonlySet<PromiseKind>,
): KeptPromises {
  const wanted = wantedNow(facts).filter(({ kind }) => promised.has(kind))
  const ended: EndedPromise[] = []
  const running: RunningPromise[] = []
  for (const promise of before) {
    const same = wanted.find(({ kind, startedAt }) => kind === promise.kind && startedAt === promise.startedAt)
    if (same) running.push(paused(promise, facts))
    else ended.push(promised.has(promise.kind) ? endOf(promise, facts) : { promise, at: facts.now, how: 'gone' })
  }
  for (const { kind, startedAt } of wanted) {
    if (running.some((promise) => promise.kind === kind)) continue
    running.push(begun(kind, startedAt, facts))
  }
  return { running, ended }
}

function wantedNow({ status, openedAt, owedSince, wordAt }: CaseFacts): { kind: PromiseKind; startedAt: number }[] {
  if (status === 'resolved' || status === 'spam') return []
  return [
    ...(owedSince === null
      ? []
      : [{ kind: wordAt === null ? ('firstResponse' as const) : ('nextResponse' as const), startedAt: owedSince }]),
    { kind: 'resolution', startedAt: openedAt },
    // While it was resolved nobody waited for a word.
    ...(wordAt === null ? [] : [{ kind: 'update' as const, startedAt: Math.max(wordAt, openedAt) }]),
  ]
}

function endOf(promise: RunningPromise, facts: CaseFacts): EndedPromise {
  const { status, statusSince, openedAt, wordAt, now } = facts
  const { kind, startedAt } = promise
  // An update begins with the word before.
  const worded = wordAt !== null && (kind === 'update' ? wordAt > startedAt : wordAt >= startedAt)
  if (kind === 'resolution') {
    if (status === 'resolved') return { promise, at: statusSince, how: 'done' }
    // Resolved and begun again since.
    return { promise, at: Math.min(openedAt, now), how: status === 'spam' ? 'gone' : 'done' }
  }
  return worded ? { promise, at: wordAt, how: 'done' } : { promise, at: Math.min(statusSince, now), how: 'gone' }
}

/**
 * Waiting and snoozed: it is the customer's turn, or a time agreed on. On hold somebody else is waited for, so the end may be late,
 * but the customer still wants to hear from us. What the bot has waits for no person.
 */
function standsStill(kind: PromiseKind, { status, holder }: CaseFacts): boolean {
  if (holder === 'bot' || status === 'waiting' || status === 'snoozed') return true
  return status === 'onHold' && kind === 'resolution'
}

function begun(kind: PromiseKind, startedAt: number, facts: CaseFacts): RunningPromise {
  if (!standsStill(kind, facts)) return { kind, startedAt, pauses: [] }
  const from = facts.holder === 'bot' ? startedAt : Math.max(startedAt, facts.statusSince)
  return { kind, startedAt, pauses: [{ from, to: null }] }
}

function paused(promise: RunningPromise, facts: CaseFacts): RunningPromise {
  const { statusSince, now } = facts
  const last = promise.pauses.at(-1)
  const stood = last !== undefined && last.to === null
  if (standsStill(promise.kind, facts) === stood) return promise
  if (!stood) {
    const since = last?.to ?? promise.startedAt
    // Of the bot's coming and going nobody keeps the time.
    const from = facts.holder === 'bot' ? now : Math.max(statusSince, since)
    return { ...promise, pauses: [...promise.pauses, { from, to: null }] }
  }
  const to = statusSince > last.from ? statusSince : now
  return { ...promise, pauses: [...promise.pauses.slice(0, -1), { from: last.from, to }] }
}
