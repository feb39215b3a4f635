import type { Pause, PromiseKind } from '../domain/promise.ts'
import { type Queryable, together } from './database.ts'
import { notify } from './feed-insert.ts'

export interface PromiseTimes {
  readonly policyId: string
  readonly pauses: readonly Pause[]
  readonly dueAt: Date | null
  readonly warnAt: Date | null
  readonly warnedAt: Date | null
  readonly breachedAt: Date | null
}

export interface PromiseRow extends PromiseTimes {
  readonly id: string
  readonly conversationId: string
  readonly kind: PromiseKind
  readonly startedAt: Date
}

export type NewPromise = Omit<PromiseRow, 'id'>

export interface EndedRow {
  readonly id: string
  readonly at: Date
  readonly outcome: 'kept' | 'broken' | 'dropped'
}

export interface PromiseChanges {
  readonly ended: readonly EndedRow[]
  readonly changed: readonly PromiseRow[]
  readonly made: readonly NewPromise[]
}

const COLUMNS = `id, conversation_id as "conversationId", kind, policy_id as "policyId", started_at as "startedAt", pauses,
  due_at as "dueAt", warn_at as "warnAt", warned_at as "warnedAt", breached_at as "breachedAt"`

export async function runningPromises(q: Queryable, conversationIds: readonly string[]): Promise<PromiseRow[]> {
  const { rows } = await q.query({
    name: 'promise-running',
    text: `select ${COLUMNS} from promise where conversation_id = any($1::bigint[]) and ended_at is null order by id`,
    values: [conversationIds],
  })
  return rows as PromiseRow[]
}

/** Only for who holds the reader's lock. */
export async function writePromises(tx: Queryable, { ended, changed, made }: PromiseChanges): Promise<void> {
  await together([
    ended.length > 0 ? endPromises(tx, ended) : undefined,
    changed.length > 0 ? changePromises(tx, changed) : undefined,
    // After those of the same kind have ended.
    made.length > 0 ? makePromises(tx, made) : undefined,
  ])
}

async function endPromises(tx: Queryable, rows: readonly EndedRow[]): Promise<void> {
  await tx.query({
    name: 'promise-end',
    text: `update promise p set ended_at = w.at, outcome = w.outcome
      from unnest($1::bigint[], $2::timestamptz[], $3::text[]) w(id, at, outcome) where p.id = w.id`,
    values: [rows.map((r) => r.id), rows.map((r) => r.at), rows.map((r) => r.outcome)],
  })
}

async function changePromises(tx: Queryable, rows: readonly PromiseRow[]): Promise<void> {
  await tx.query({
    name: 'promise-change',
    text: `update promise p set policy_id = w.policy, pauses = w.pauses, due_at = w.due, warn_at = w.warn,
        warned_at = w.warned, breached_at = w.breached
      from unnest($1::bigint[], $2::bigint[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[]) w(id, policy, pauses, due, warn, warned, breached) where p.id = w.id`,
    values: [rows.map((r) => r.id), ...timeArrays(rows)],
  })
}

async function makePromises(tx: Queryable, rows: readonly NewPromise[]): Promise<void> {
  await tx.query({
    name: 'promise-make',
    text: `insert into promise (conversation_id, kind, started_at, policy_id, pauses, due_at, warn_at, warned_at, breached_at)
      select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::bigint[], $5::jsonb[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])`,
    values: [
      rows.map((r) => r.conversationId),
      rows.map((r) => r.kind),
      rows.map((r) => r.startedAt),
      ...timeArrays(rows),
    ],
  })
}

function timeArrays(rows: readonly PromiseTimes[]): unknown[] {
  return [
    rows.map((r) => r.policyId),
    rows.map((r) => JSON.stringify(r.pauses)),
    rows.map((r) => r.dueAt),
    rows.map((r) => r.warnAt),
    rows.map((r) => r.warnedAt),
    rows.map((r) => r.breachedAt),
  ]
}

export interface NearestPromise {
  readonly conversationId: string
  readonly dueAt: Date | null
  readonly kind: PromiseKind | null
}

// A screen shows it, so the version rises; marked, so that its reader does not look at its own writing.
const NEAREST = `with w as (select * from unnest($1::bigint[], $2::timestamptz[], $3::text[]) w(id, due, kind)),
  held as (select c.id from conversation c join w on w.id = c.id
    where (c.due_at, c.due_kind) is distinct from (w.due, w.kind) order by c.id for no key update of c),
  moved as (update conversation c set due_at = w.due, due_kind = w.kind, version = c.version + 1
    from w, held where w.id = held.id and c.id = held.id returning c.id, c.inbox_id, c.version)
  insert into feed (kind, inbox_id, conversation_id, version, data)
  select 'conversation.updated', inbox_id, id, version, '{"by": "promises"}' from moved order by id`

export async function showNearest(tx: Queryable, rows: readonly NearestPromise[]): Promise<void> {
  if (rows.length === 0) return
  await together([
    tx.query({
      name: 'promise-nearest',
      text: NEAREST,
      values: [rows.map((r) => r.conversationId), rows.map((r) => r.dueAt), rows.map((r) => r.kind)],
    }),
    notify(tx, ['feed']),
  ])
}
