import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface DeadJob {
  readonly id: string
  readonly kind: string
  readonly attempt: number
  readonly lastError: string | null
  readonly payload: Readonly<Record<string, unknown>>
  readonly dueAt: Date
}

/** Newest first; `before` is the id to go on from. */
export async function listDeadJobs(q: Queryable, before: string | null, limit: number): Promise<DeadJob[]> {
  const { rows } = await q.query(
    `select id, kind, attempt, last_error as "lastError", payload, due_at as "dueAt" from job
      where state = 2 and ($1::bigint is null or id < $1) order by id desc limit $2`,
    [before, limit],
  )
  return rows as DeadJob[]
}

/** Its attempts start anew. False: there is no dead job of this id. */
export async function retryDeadJob(q: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update job set state = 0, failures = 0, due_at = now(), last_error = null where id = $1 and state = 2`,
    [id],
  )
  if (rowCount === 1) await notify(q, ['job'])
  return rowCount === 1
}

/** It will never be done. null: there is no dead job of this id. */
export async function dismissDeadJob(q: Queryable, id: string): Promise<string | null> {
  const { rows } = await q.query('delete from job where id = $1 and state = 2 returning kind', [id])
  return (rows[0] as { kind: string } | undefined)?.kind ?? null
}

export interface JobCounts {
  readonly kind: string
  readonly ready: number
  readonly claimed: number
  readonly dead: number
  /** Age of the oldest that could run, seconds; 0: none waits. */
  readonly oldestDueS: number
}

export async function countJobs(q: Queryable): Promise<JobCounts[]> {
  const { rows } = await q.query(
    `select kind, (count(*) filter (where state = 0))::int as ready, (count(*) filter (where state = 1))::int as claimed,
       (count(*) filter (where state = 2))::int as dead,
       coalesce(extract(epoch from now() - min(due_at) filter (where state = 0 and due_at <= now())), 0)::float8 as "oldestDueS"
     from job group by kind`,
  )
  return rows as JobCounts[]
}
