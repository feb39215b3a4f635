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
  return [...rows.map(({ what }) => what), ...behind, ...(await notYetHere(stage)), ...(await confirmable(stage))]
}

/** What a platform was told is here in the end, however long nobody listened. */
async function notYetHere({ inboxes, pool, ledger }: Stage): Promise<string[]> {
  const sites = inboxes.filter(({ site }) => site)
  if (sites.length === 0) return []
  const here = await incomingByInbox(pool)
  return sites.flatMap(({ id, name, site }) => {
    const missing = ledger.said.filter(({ inbox }) => inbox === id).length - (here.get(id) ?? 0)
    const waiting = site?.waiting() ?? 0
    return missing > 0 || waiting > 0 ? [`${name}: ${missing} messages are not here, ${waiting} not acknowledged`] : []
  })
}

export async function incomingByInbox(pool: Stage['pool']): Promise<Map<string, number>> {
  const rows = await rowsOf<{ inbox: string; n: string }>(
    pool,
    `select c.inbox_id as inbox, count(*) as n from message m join conversation c on c.id = m.conversation_id
      where m.direction = 'in' group by c.inbox_id`,
  )
  return new Map(rows.map(({ inbox, n }) => [inbox, Number(n)]))
}

/** What the platform knows and would confirm must not stay uncertain. */
async function confirmable(stage: Stage): Promise<string[]> {
  const rows = await rowsOf<{ id: string; key: string; inbox: string; text: string }>(
    stage.pool,
    `select d.id, d.idempotency_key as key, d.inbox_id as inbox, m.text from delivery d join message m on m.id = d.message_id
      where d.state = 'uncertain'`,
  )
  return rows.flatMap((row) => {
    const of = stage.inboxes.find(({ id }) => id === row.inbox)
    return of && couldConfirm(of, row) ? [`delivery ${row.id} could be confirmed`] : []
  })
}

export function couldConfirm(
  { switches, platform, sent, site }: ChaosInbox,
  row: { id: string; key: string; text: string },
): boolean {
  if (!switches.confirm) return false
  const known = platform?.state.heldByKey.has(row.key) || sent?.filed.has(row.id)
  return known === true || site?.held().some(({ text }) => text === row.text) === true
}
