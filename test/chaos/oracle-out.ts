import { couldConfirm } from './calm.ts'
import { rowsOf } from './database.ts'
import { messageIdOf, replyIn } from './mail-site.ts'
import type { Findings } from './oracle-in.ts'
import type { ChaosInbox, Stage } from './stage.ts'

interface Sent {
  readonly id: string
  readonly inbox: string
  readonly state: string
  readonly text: string
  readonly key: string
}

export interface OutFigures {
  readonly replies: number
  /** Deliveries that ever became uncertain, by the feed. */
  readonly uncertain: number
  /** What became of them. */
  readonly settled: string
}

/** A reply that was taken is at the platform once, or its delivery says plainly that nobody knows. */
export async function judgeOutgoing(stage: Stage, found: Findings): Promise<OutFigures> {
  const rows = await rowsOf<Sent>(
    stage.pool,
    `select d.id, d.inbox_id as inbox, d.state, d.idempotency_key as key, m.text from delivery d join message m on m.id = d.message_id order by d.id`,
  )
  const byText = new Map(rows.map((row) => [row.text, row]))
  const stored = await rowsOf<{ text: string; n: string }>(
    stage.pool,
    `select text, count(*) as n from message where direction = 'out' group by text`,
  )
  const storedTimes = new Map(stored.map(({ text, n }) => [text, Number(n)]))
  for (const { text } of stage.ledger.replied) {
    const times = storedTimes.get(text) ?? 0
    if (times > 1) twice(found, `reply stored ${times} times: "${text}"`)
    if (stage.ledger.acknowledged.has(text) && !byText.has(text)) lost(found, `reply lost: "${text}" was taken`)
  }
  for (const inbox of stage.inboxes) {
    if (inbox.platform || inbox.mail || inbox.site) judgePlatform(stage, inbox, rows, found)
    judgeMessageIds(inbox, found)
  }
  judgeEnds(stage, rows, found)
  for (const row of rows) if (row.state === 'uncertain') judgeUncertain(stage, row, found)
  const uncertain = await rowsOf<{ id: string }>(
    stage.pool,
    `select distinct delivery_id as id from feed where kind = 'delivery.updated' and data ->> 'state' = 'uncertain'`,
  )
  const settled = settledBy(stage, rows, new Set(uncertain.map(({ id }) => id)))
  return { replies: stage.ledger.replied.length, uncertain: uncertain.length, settled }
}

/** Who told of those that were once uncertain, and how many nobody told of. */
function settledBy(stage: Stage, rows: readonly Sent[], doubted: ReadonlySet<string>): string {
  const counts = { confirm: 0, echo: 0, bounce: 0, open: 0 }
  for (const { id, inbox, state } of rows) {
    if (!doubted.has(id)) continue
    const confirms = stage.inboxes.some((one) => one.id === inbox && one.switches.confirm)
    if (state === 'uncertain') counts.open += 1
    else if (state === 'failed') counts.bounce += 1
    else counts[confirms ? 'confirm' : 'echo'] += 1
  }
  return `${counts.confirm} settled by confirm, ${counts.echo} by echo or a late receipt, ${counts.bounce} by bounce, ${counts.open} open`
}

function judgePlatform(stage: Stage, inbox: ChaosInbox, rows: readonly Sent[], found: Findings): void {
  const late = new Set(rows.flatMap(({ id, text }) => (stage.ledger.mayComeLate.has(id) ? [text] : [])))
  const copies = new Map<string, number>()
  const last = new Map<string, number>()
  for (const { text, chat } of heldBy(inbox)) {
    copies.set(text, (copies.get(text) ?? 0) + 1)
    const n = Number(/ answers (\d+) in /.exec(text)?.[1])
    const before = last.get(chat) ?? 0
    if (n < before && !late.has(text)) {
      found.disordered += 1
      found.violations.push(`sent out of order: "${text}" behind ${before}`)
    }
    last.set(chat, Math.max(n, before))
  }
  for (const row of rows) {
    if (row.inbox !== inbox.id) continue
    const count = copies.get(row.text) ?? 0
    if (count > 1) twice(found, `sent ${count} times: "${row.text}" (${inbox.name})`)
    const claimed = ['sent', 'delivered', 'read'].includes(row.state)
    if (claimed && count === 0) lost(found, `"${row.text}" is ${row.state}, the platform never had it`)
    const fate = stage.ledger.fates.get(row.text)
    const foreseen = row.state === 'uncertain' || stage.ledger.ends.get(row.id) === row.state || fate === row.state
    const isOther = fate !== undefined && fate !== 'doubtful' && fate !== (claimed ? 'sent' : row.state)
    if ((!claimed && !foreseen) || isOther)
      found.violations.push(`delivery ${row.id} ended ${row.state}, ${fate ?? 'sent'} expected`)
    copies.delete(row.text)
  }
  for (const text of copies.keys()) found.violations.push(`the platform holds what nobody sent: "${text}"`)
}

function heldBy({ platform, mail, site }: ChaosInbox): readonly { readonly text: string; readonly chat: string }[] {
  return platform?.state.held ?? mail?.relay.held.map(replyIn) ?? site?.held() ?? []
}

/** Whatever their words: readers' programs know letters by their id. */
function judgeMessageIds({ mail }: ChaosInbox, found: Findings): void {
  const times = new Map<string, number>()
  for (const letter of mail?.relay.held ?? []) {
    const id = messageIdOf(letter)
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  for (const [id, count] of times) if (count > 1) twice(found, `the relay holds ${id} ${count} times`)
}

function judgeEnds(stage: Stage, rows: readonly Sent[], found: Findings): void {
  const states = new Map(rows.map(({ id, state }) => [id, state]))
  for (const [id, end] of stage.ledger.ends) {
    const state = states.get(id)
    if (state !== end) found.violations.push(`delivery ${id} ended ${state}, ${end} expected`)
  }
}

function judgeUncertain(stage: Stage, row: Sent, found: Findings): void {
  const inbox = stage.inboxes.find(({ id }) => id === row.inbox)
  if (inbox && couldConfirm(inbox, row))
    found.violations.push(`delivery ${row.id} is uncertain, confirm() was not believed`)
  if (inbox?.switches.idempotent) found.violations.push(`delivery ${row.id} is uncertain though the channel has a key`)
  const fate = stage.ledger.fates.get(row.text)
  if (!stage.ledger.inFlight.has(row.id) && fate !== 'uncertain' && fate !== 'doubtful') {
    found.violations.push(`delivery ${row.id} is uncertain though it was not in flight when anything died`)
  }
}

function twice(found: Findings, what: string): void {
  found.twice += 1
  found.violations.push(what)
}

function lost(found: Findings, what: string): void {
  found.lost += 1
  found.violations.push(what)
}
