import type { Queryable } from './database.ts'

export interface AttemptLimit {
  readonly key: string
  readonly max: number
}

/** Within which tries are counted, s. */
const WINDOW_S = 900

const COUNT = `on conflict (key) do update set
    tries = case when s.window_start < now() - $1 * interval '1 s' then 1 else s.tries + 1 end,
    window_start = case when s.window_start < now() - $1 * interval '1 s' then now() else s.window_start end
  returning key, tries, extract(epoch from window_start - now()) + $1 as wait`

/**
 * Counts this try in one statement and before any password is looked at: of 200 parallel tries each gets its own number.
 * What is beyond the limit of `first` does not count for the others, or one machine could lock an account for everybody.
 * Answers the seconds to wait, or null when the try is within every limit.
 */
export async function countAttempt(
  q: Queryable,
  first: AttemptLimit,
  others: readonly AttemptLimit[],
): Promise<number | null> {
  // Sorted, so that two statements that share keys cannot wait for each other.
  const sorted = [...others].sort((a, b) => (a.key < b.key ? -1 : 1))
  const { rows } = await q.query(
    `with f as (insert into sign_in_attempt as s (key, window_start, tries) values ($2, now(), 1) ${COUNT}),
     o as (insert into sign_in_attempt as s (key, window_start, tries)
       select key, now(), 1 from unnest($4::text[]) as k(key) where (select tries from f) <= $3 ${COUNT}),
     refused as (
       select wait from f where tries > $3
       union all
       select o.wait from o join unnest($4::text[], $5::int[]) l(key, max) on l.key = o.key where o.tries > l.max)
     select max(ceil(wait))::int as wait from refused`,
    [WINDOW_S, first.key, first.max, sorted.map((limit) => limit.key), sorted.map((limit) => limit.max)],
  )
  const { wait } = rows[0]
  return wait === null ? null : Math.max(1, wait)
}

/** After a success: the account starts anew, the address gets its try back. */
export async function forgiveAttempts(
  q: Queryable,
  cleared: readonly string[],
  refunded: readonly string[],
): Promise<void> {
  await q.query(
    `with gone as (delete from sign_in_attempt where key = any($1::text[]))
     update sign_in_attempt set tries = greatest(tries - 1, 0) where key = any($2::text[])`,
    [cleared, refunded],
  )
}

export async function purgeAttempts(q: Queryable): Promise<number> {
  const { rowCount } = await q.query(`delete from sign_in_attempt where window_start < now() - $1 * interval '1 s'`, [
    WINDOW_S,
  ])
  return rowCount ?? 0
}
