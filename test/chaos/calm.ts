import { setTimeout as pause } from 'node:timers/promises'
import { rowsOf } from './database.ts'
import type { ChaosInbox, Stage } from './stage.ts'

/** Waits until nothing is under way any more; answers what still was when patience ended. */
export async function calm(stage: Stage, timeoutMs = 60_000): Promise<string[]> {
  const end = Date.now() + timeoutMs
  let rest: string[] = ['never looked']
  while (Date.now() < end) {
    rest = await unfinished(stage).catch((error: Error) => [`the database does not answer: ${error.message}`])
    if (rest.length === 0) return []
    await pause(100)
  }
  return rest.map((what) => `not finished after ${timeoutMs} ms: ${what}`)
}

const waiting = `
  select 'delivery ' || id || ' of inbox ' || inbox_id || ' is ' || state as what from delivery
    where state in ('pending', 'sending')
  union all select 'job ' || id || ' ' || kind || ' waits' from job where state < 2 and due_at < now() + interval '5 seconds'
    and kind = 'route'
  union all select 'dead job ' || id || ' ' || kind || ': ' || coalesce(last_error, '') from job where state = 2
  union all select 'feed row ' || id || ' has no position' from feed where position is null
  union all select 'event ' || event_id || ' is ' || state from inbound_event where state <> 'applied'
  limit 20`

async function unfinished(stage: Stage): Promise<string[]> {
  const rows = await rowsOf<{ what: string }>(stage.pool, waiting)
  const behind = stage.inboxes.flatMap(({ name, door, platform }) => {
    if (!platform || door === 'webhook') return []
    const { updates, acknowledged } = platform.state
    return acknowledged < updates.length ? [`${name}: ${updates.length - acknowledged} updates not acknowledged`] : []
  })
  return [...rows.map(({ what }) => what), ...behind, ...(await confirmable(stage))]
}

/** What the platform knows and would confirm must not stay uncertain. */
async function confirmable(stage: Stage): Promise<string[]> {
  const rows = await rowsOf<{ id: string; key: string; inbox: string }>(
    stage.pool,
    `select id, idempotency_key as key, inbox_id as inbox from delivery where state = 'uncertain'`,
  )
  return rows.flatMap((row) => {
    const of = stage.inboxes.find(({ id }) => id === row.inbox)
    return of && couldConfirm(of, row) ? [`delivery ${row.id} could be confirmed`] : []
  })
}

export function couldConfirm({ switches, platform, sent }: ChaosInbox, row: { id: string; key: string }): boolean {
  return switches.confirm === true && (platform?.state.heldByKey.has(row.key) || sent?.filed.has(row.id)) === true
}
