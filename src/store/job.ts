import { named, type Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

export interface NewJob {
  readonly kind: string
  /** Jobs of one lane run one at a time, in order. The enqueuing transaction must hold a lock that orders the lane. */
  readonly lane?: string
  /** Ids, never content. */
  readonly payload: Readonly<Record<string, unknown>>
  readonly dueInMs?: number
}

export interface Job {
  readonly id: string
  readonly kind: string
  readonly lane: string | null
  readonly payload: Readonly<Record<string, unknown>>
  /** The fencing token. */
  readonly attempt: number
  readonly failures: number
}

/** In the transaction whose promise they keep: a job of a rolled-back transaction does not exist. */
export async function enqueueJobs(tx: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return
  await tx.query({
    name: 'job-enqueue',
    text: `insert into job (kind, lane, payload, due_at)
      select kind, lane, payload, now() + make_interval(secs => ms / 1000)
        from unnest($1::text[], $2::text[], $3::jsonb[], $4::float8[]) with ordinality t (kind, lane, payload, ms, n) order by n`,
    values: [
      jobs.map((job) => job.kind),
      jobs.map((job) => job.lane ?? null),
      jobs.map((job) => JSON.stringify(job.payload)),
      jobs.map((job) => job.dueInMs ?? 0),
    ],
  })
  await notify(tx, ['job'])
}

const heads = (kinds: string) => `select j.id from job j
  where j.state = 0 and j.due_at <= now() and j.kind = any(${kinds}::text[])
    and (j.lane is null or not exists (select 1 from job p where p.lane = j.lane and p.id < j.id and p.state < 2))
  order by j.due_at, j.id`

const claim = named(
  'job-claim',
  `with head as (${heads('$3')} limit $1 for update skip locked)
   update job set state = 1, attempt = job.attempt + 1, lease_until = now() + make_interval(secs => $2::float8 / 1000)
   from head where job.id = head.id
   returning job.id, job.kind, job.lane, job.payload, job.attempt, job.failures`,
)

/** Due, and the head of its lane; only kinds that the caller can do, so that an older process leaves newer work alone. */
export async function claimJobs(
  q: Queryable,
  wish: { readonly limit: number; readonly leaseMs: number; readonly kinds: readonly string[] },
): Promise<Job[]> {
  return (await claim(q, [wish.limit, wish.leaseMs, wish.kinds])).rows as Job[]
}

/** The same jobs, done with the end of the transaction: it takes no lease, and who dies inside it leaves them as they were. */
export async function takeJobs(tx: Queryable, wish: { readonly limit: number; readonly kind: string }): Promise<Job[]> {
  const { rows } = await tx.query({
    name: 'job-take',
    text: `with head as (${heads('$2')} limit $1 for update skip locked)
      delete from job using head where job.id = head.id
      returning job.id, job.kind, job.lane, job.payload, job.attempt, job.failures`,
    values: [wish.limit, [wish.kind]],
  })
  return rows as Job[]
}

type Held = Pick<Job, 'id' | 'attempt'>

const done = named('job-done', 'delete from job where id = $1 and state = 1 and attempt = $2')

/** False: the lease was lost and somebody else has the job. */
export async function finishJob(q: Queryable, job: Held): Promise<boolean> {
  return (await done(q, [job.id, job.attempt])).rowCount === 1
}

/** In the transaction that did the work: what they did and their end commit together. Answers how many were still ours. */
export async function finishJobs(tx: Queryable, jobs: readonly Held[]): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'jobs-done',
    text: `delete from job using unnest($1::bigint[], $2::int[]) h (id, attempt)
      where job.id = h.id and job.state = 1 and job.attempt = h.attempt`,
    values: [jobs.map((job) => job.id), jobs.map((job) => job.attempt)],
  })
  return rowCount ?? 0
}

export interface JobFailure {
  /** False: it was told to wait, which is nobody's fault. */
  readonly counts: boolean
  readonly limit: number
  readonly backOffMs: number
  /** A sentence; neither tokens nor a customer's words. */
  readonly error: string
}

export async function failJob(q: Queryable, job: Held, failure: JobFailure): Promise<'again' | 'dead' | 'lost'> {
  const { rows } = await q.query({
    name: 'job-failed',
    text: `update job set state = case when failures + $3 >= $4 then 2 else 0 end, failures = failures + $3,
        due_at = now() + make_interval(secs => $5::float8 / 1000), lease_until = null, last_error = $6
      where id = $1 and state = 1 and attempt = $2 returning state`,
    values: [
      job.id,
      job.attempt,
      failure.counts ? 1 : 0,
      failure.limit,
      failure.backOffMs,
      failure.error.slice(0, 1_000),
    ],
  })
  const state = (rows[0] as { state: number } | undefined)?.state
  return state === undefined ? 'lost' : state === 2 ? 'dead' : 'again'
}

/** False: the lease is lost, so stop. */
export async function renewJob(q: Queryable, job: Held, leaseMs: number): Promise<boolean> {
  const { rowCount } = await q.query({
    name: 'job-renew',
    text: `update job set lease_until = now() + make_interval(secs => $3::float8 / 1000)
      where id = $1 and state = 1 and attempt = $2`,
    values: [job.id, job.attempt, leaseMs],
  })
  return rowCount === 1
}

/** Jobs may run twice after a crash: their handlers are idempotent. Answers all that came back, and which of them are dead. */
export async function reapJobs(q: Queryable, limit: number): Promise<{ reaped: number; dead: Job[] }> {
  const { rows } = await q.query({
    name: 'job-reap',
    text: `update job set state = case when failures + 1 >= $1 then 2 else 0 end, failures = failures + 1,
        due_at = now(), lease_until = null, last_error = 'The process that worked on it stopped.'
      where state = 1 and lease_until < now() returning id, kind, lane, payload, attempt, failures, state`,
    values: [limit],
  })
  const back = rows as (Job & { readonly state: number })[]
  return { reaped: back.length, dead: back.filter((job) => job.state === 2) }
}
