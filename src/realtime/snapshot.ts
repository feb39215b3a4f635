import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from '../store/database.ts'
import { type FeedEntry, feedHead, feedOldest, feedSlice } from '../store/feed.ts'

/** Rows a returning browser is told one by one; beyond, one fresh snapshot is cheaper for both sides. */
const MAX_ROWS = 1_000

/** How a browser that was away goes on. */
export interface Opening {
  readonly position: string
  /** What it holds cannot be brought up to date row by row: it fetches afresh and goes on from `position`. */
  readonly resync: boolean
  readonly rows: readonly FeedEntry[]
}

/**
 * `until` is where the live stream of this process takes over. A snapshot fetched after the answer is at least as new as
 * `position`, so what follows from there leaves no gap.
 */
export async function openingFor(
  q: Queryable,
  range: { readonly since: string | undefined; readonly until: string },
  who: Visibility,
): Promise<Opening> {
  const { since, until } = range
  const afresh: Opening = { position: until, resync: true, rows: [] }
  if (since === undefined || !/^[0-9]{1,16}$/.test(since)) return afresh
  const from = Number(since)
  if (from > Number(await feedHead(q)) || from < Number(await feedOldest(q)) - 1) return afresh
  const rows: FeedEntry[] = []
  let after = since
  while (Number(after) < Number(until)) {
    const slice = await feedSlice(q, { after, limit: MAX_ROWS, windows: 4 }, who)
    rows.push(...slice.rows)
    if (rows.length >= MAX_ROWS) return afresh
    // Nothing visible in many windows: the stretch is too long to walk for one socket.
    if (slice.rows.length === 0 && Number(slice.next) < Number(until)) return afresh
    after = slice.next
  }
  return { position: since, resync: false, rows }
}
