import { onShift, type Shift } from '../domain/shift.ts'
import type { Queryable } from './database.ts'

interface Facts {
  readonly id: string
  readonly active: boolean
  readonly availability: string
  readonly shifts: readonly Shift[]
  readonly timeZone: string
  readonly gone: boolean
}

/** Notes who takes no work any more and who does again: by their own word, by the end of a shift, or by leaving us. */
export async function noteGone(q: Queryable, now: Date): Promise<void> {
  const { rows } = await q.query({
    name: 'queue-gone-look',
    text: `select a.id, a.active, a.availability, a.shifts, a.time_zone as "timeZone", a.gone_since is not null as gone from agent a`,
  })
  const changed = (rows as Facts[])
    .map((agent) => ({ ...agent, away: !takesWork(agent, now) }))
    .filter(({ away, gone }) => away !== gone)
  if (changed.length === 0) return
  await q.query({
    name: 'queue-gone-note',
    text: `update agent a set gone_since = case when w.away then $3::timestamptz end from unnest($1::bigint[], $2::boolean[]) w(id, away)
      where a.id = w.id`,
    values: [changed.map(({ id }) => id), changed.map(({ away }) => away), now],
  })
}

function takesWork({ active, availability, shifts, timeZone }: Facts, now: Date): boolean {
  return active && availability === 'online' && onShift(shifts, timeZone, now)
}
