import { dueAt, type PromiseKind, promiseKinds, type RunningPromise, warnAt } from '../domain/promise.ts'
import { type CaseFacts, type EndedPromise, keepPromises } from '../domain/promise-keeping.ts'
import { type Queryable, together } from '../store/database.ts'
import { type FollowUp, setFollowUps } from '../store/follow-up.ts'
import {
  type NearestPromise,
  type NewPromise,
  type PromiseRow,
  type PromiseTimes,
  runningPromises,
  showNearest,
  writePromises,
} from '../store/promise.ts'
import { type PromisedCase, promisedCases } from '../store/promise-case.ts'
import { reckonedPolicies } from '../store/sla-policy.ts'
import { type PolicyTerms, termsBook } from './promise-terms.ts'

const hourMs = 3_600_000

export interface Recalculation {
  readonly now: Date
  /** A promise that is late from its beginning was made too late: it is shown, but told to nobody. */
  readonly afterwards: boolean
}

/** What is promised on these conversations, as they stand. The caller holds the reader's lock. */
export async function recalculate(tx: Queryable, ids: readonly string[], how: Recalculation): Promise<void> {
  if (ids.length === 0) return
  const [policies, cases, running] = await together([
    reckonedPolicies(tx),
    promisedCases(tx, ids),
    runningPromises(tx, ids),
  ])
  const termsOf = termsBook(policies)
  const before = new Map<string, PromiseRow[]>(ids.map((id) => [id, []]))
  for (const row of running) before.get(row.conversationId)?.push(row)
  const reckoned = cases.map((row) => reckon(row, before.get(row.id) ?? [], termsOf(row), how))
  await writePromises(tx, {
    ended: reckoned.flatMap(({ ended }) => ended),
    changed: reckoned.flatMap(({ changed }) => changed),
    made: reckoned.flatMap(({ made }) => made),
  })
  await showNearest(
    tx,
    reckoned.flatMap(({ nearest }) => nearest ?? []),
  )
  // After the conversations, as whoever resolves one by itself locks them.
  await setFollowUps(tx, ids, cases.flatMap(followUpOf))
}

interface Reckoned {
  readonly ended: { id: string; at: Date; outcome: 'kept' | 'broken' | 'dropped' }[]
  readonly changed: PromiseRow[]
  readonly made: NewPromise[]
  /** null: it is as it was. */
  readonly nearest: NearestPromise | null
}

type Known = RunningPromise & { readonly row?: PromiseRow }

function reckon(
  row: PromisedCase,
  rows: readonly PromiseRow[],
  terms: PolicyTerms | null,
  how: Recalculation,
): Reckoned {
  const before: Known[] = rows.map((one) => ({ ...one, startedAt: one.startedAt.getTime(), row: one }))
  const promised = new Set(promiseKinds.filter((kind) => terms?.targets[kind] !== undefined))
  const { running, ended } = keepPromises(before, factsOf(row, before, how.now), promised)
  const known = new Map(rows.map((one) => [one.kind, one]))
  const ends = ended.map((end) => ({ ...endOf(end, terms), id: known.get(end.promise.kind)!.id }))
  const times = terms === null ? [] : running.map((promise) => ({ promise, times: timesOf(promise, terms) }))
  const changed: PromiseRow[] = []
  const made: NewPromise[] = []
  for (const { promise, times: next } of times) {
    const old = (promise as Known).row
    if (old) {
      const told = {
        warnedAt: keptIf(old.warnedAt, next.warnAt, how),
        breachedAt: keptIf(old.breachedAt, next.dueAt, how),
      }
      const after = { ...old, ...next, ...told }
      if (!sameTimes(old, after)) changed.push(after)
    } else made.push(begin(row.id, promise, next, how))
  }
  return { ended: ends, changed, made, nearest: nearestOf(row, times) }
}

function factsOf(row: PromisedCase, before: readonly RunningPromise[], now: Date): CaseFacts {
  const { status, statusSince, holder, waitingSince, wordId, wordAt, askedAt } = row
  const began = row.openedAt?.getTime() ?? before.find(({ kind }) => kind === 'resolution')?.startedAt
  const waits = waitingSince?.getTime() ?? null
  const asked = askedAt?.getTime() ?? null
  return {
    status,
    holder,
    statusSince: statusSince.getTime(),
    openedAt: began ?? row.firstAt.getTime(),
    wordAt: wordAt?.getTime() ?? null,
    // After a word of ours only what was asked after it is owed an answer.
    owedSince: waits === null || wordId === null ? waits : asked === null ? null : Math.max(asked, waits),
    now: now.getTime(),
  }
}

function endOf({ promise, at, how }: EndedPromise, terms: PolicyTerms | null): Omit<Reckoned['ended'][number], 'id'> {
  const target = terms?.targets[promise.kind]
  const due = terms === null || target === undefined ? null : dueAt(terms.calendar, promise, target)
  const late = due !== null && due < at
  return { at: new Date(at), outcome: late ? 'broken' : how === 'done' ? 'kept' : 'dropped' }
}

type Times = Pick<PromiseTimes, 'policyId' | 'pauses' | 'dueAt' | 'warnAt'>

function timesOf(promise: RunningPromise, terms: PolicyTerms): Times {
  const target = terms.targets[promise.kind] ?? 0
  const due = dueAt(terms.calendar, promise, target)
  const warn = warnAt(terms, promise, target)
  return { policyId: terms.policyId, pauses: promise.pauses, dueAt: dateOf(due), warnAt: dateOf(warn) }
}

/** A new time in the future may be told again. */
function keptIf(told: Date | null, at: Date | null, { now }: Recalculation): Date | null {
  return told !== null && (at === null || at <= now) ? told : null
}

function begin(conversationId: string, promise: RunningPromise, times: Times, how: Recalculation): NewPromise {
  const { kind, startedAt } = promise
  const past = (at: Date | null) => (how.afterwards && at !== null && at <= how.now ? how.now : null)
  const told = { warnedAt: past(times.warnAt), breachedAt: past(times.dueAt) }
  return { conversationId, kind, startedAt: new Date(startedAt), ...times, ...told }
}

function nearestOf(
  row: PromisedCase,
  times: readonly { readonly promise: RunningPromise; readonly times: Times }[],
): NearestPromise | null {
  let nearest: { at: Date; kind: PromiseKind } | null = null
  for (const { promise, times: one } of times) {
    if (one.dueAt !== null && (nearest === null || one.dueAt < nearest.at))
      nearest = { at: one.dueAt, kind: promise.kind }
  }
  const kind = nearest?.kind ?? null
  const same = row.dueAt?.getTime() === nearest?.at.getTime() && row.dueKind === kind
  return same ? null : { conversationId: row.id, dueAt: nearest?.at ?? null, kind }
}

function sameTimes(one: PromiseTimes, other: PromiseTimes): boolean {
  return JSON.stringify(shown(one)) === JSON.stringify(shown(other))
}

const shown = ({ policyId, pauses, dueAt: due, warnAt: warn, warnedAt, breachedAt }: PromiseTimes) => [
  policyId,
  pauses.map(({ from, to }) => [from, to]),
  due,
  warn,
  warnedAt,
  breachedAt,
]

/** Our word was the last one, it is the customer's turn, and the inbox reminds since before that word. */
function followUpOf(row: PromisedCase): FollowUp[] {
  const { id, remindAfterHours, remindSince, statusSince } = row
  const last = lastWordOf(row)
  if (last === null || remindAfterHours === null || remindSince === null || last.at < remindSince) return []
  const silentSince = Math.max(last.at.getTime(), statusSince.getTime(), row.thankedAt?.getTime() ?? 0)
  return [{ conversationId: id, wordId: last.id, remindAt: new Date(silentSince + remindAfterHours * hourMs) }]
}

/** A person's, or the bot's where it has the case: one that nobody but it answered stays open until it ends. null: it is our turn. */
function lastWordOf(row: PromisedCase): { readonly id: string; readonly at: Date } | null {
  const { status, holder, wordId, wordAt, heard, botWordId, botWordAt, botHeard } = row
  if (holder === 'bot') {
    const silent = status === 'open' && !botHeard && botWordId !== null && botWordAt !== null
    return silent ? { id: botWordId, at: botWordAt } : null
  }
  return status === 'waiting' && !heard && wordId !== null && wordAt !== null ? { id: wordId, at: wordAt } : null
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}
