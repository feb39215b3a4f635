import type { PromiseKind } from '../domain/promise.ts'
import { type Queryable, together } from './database.ts'
import { notify } from './feed-insert.ts'

/** Conversations of which somebody must be warned, or told that a promise is broken. */
export async function dueToTell(q: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await q.query({
    name: 'promise-due',
    text: `select distinct id from (
        (select conversation_id as id from promise where ended_at is null and warned_at is null and warn_at <= $1
          order by warn_at limit $2)
        union all
        (select conversation_id from promise where ended_at is null and breached_at is null and due_at <= $1
          order by due_at limit $2)) d`,
    values: [now, limit],
  })
  return rows.map(({ id }: { id: string }) => id)
}

export interface ToldPromise {
  readonly id: string
  readonly conversationId: string
  readonly kind: PromiseKind
  readonly policyId: string
  readonly dueAt: Date
  /** False: a warning. */
  readonly broken: boolean
}

/** Each once: who gets a row back tells it. Late for both it is broken, and nobody is warned any more. */
export async function markTold(tx: Queryable, conversationIds: readonly string[], now: Date): Promise<ToldPromise[]> {
  const { rows } = await tx.query({
    name: 'promise-mark',
    text: `update promise set warned_at = coalesce(warned_at, $2), breached_at = case when due_at <= $2 then $2::timestamptz end
      where conversation_id = any($1::bigint[]) and ended_at is null
        and ((warned_at is null and warn_at <= $2) or (breached_at is null and due_at <= $2))
      returning id, conversation_id as "conversationId", kind, policy_id as "policyId", due_at as "dueAt",
        coalesce(due_at <= $2, false) as broken`,
    values: [conversationIds, now],
  })
  return rows as ToldPromise[]
}

// Each is a change of its own, with a version of its own.
const TELL = `with told as (
    select *, row_number() over (partition by id order by n) as step
      from unnest($1::bigint[], $2::text[], $3::jsonb[]) with ordinality t(id, kind, data, n)),
  moved as (update conversation c set version = c.version + s.steps
    from (select id, count(*) as steps from told group by id) s where c.id = s.id
    returning c.id, c.inbox_id, c.last_seq, c.version - s.steps as before),
  noted as (insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, before + step, last_seq, kind, 'system', data from told join moved using (id) order by id, step)
  insert into feed (kind, inbox_id, conversation_id, version, data)
  select case kind when 'promiseBroken' then 'promise.broken' else 'promise.warning' end, inbox_id, id, before + step,
      data || '{"by": "promises"}' from told join moved using (id) order by id, step`

export async function tellPromises(tx: Queryable, told: readonly ToldPromise[]): Promise<void> {
  if (told.length === 0) return
  await together([
    tx.query({
      name: 'promise-tell',
      text: TELL,
      values: [
        told.map((one) => one.conversationId),
        told.map((one) => (one.broken ? 'promiseBroken' : 'promiseWarning')),
        told.map((one) => JSON.stringify({ promise: one.kind, dueAt: one.dueAt })),
      ],
    }),
    notify(tx, ['feed']),
  ])
}
