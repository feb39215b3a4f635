import { rowsOf } from './database.ts'
import type { Utterance } from './ledger.ts'
import type { Stage } from './stage.ts'

export interface Findings {
  /** A sentence each; one fails the campaign. */
  readonly violations: string[]
  lost: number
  twice: number
  disordered: number
}

export function findings(): Findings {
  return { violations: [], lost: 0, twice: 0, disordered: 0 }
}

interface Stored {
  readonly id: string
  readonly text: string
  readonly thread: string
  readonly conversation: string
  readonly seq: string
}

/** Sets are compared, not counts: what was promised is stored once, and nothing is stored that nobody said. */
export async function judgeIncoming(stage: Stage, found: Findings): Promise<number> {
  const stored = await rowsOf<Stored>(
    stage.pool,
    `select id, text, thread_id as thread, conversation_id as conversation, seq from message
      where direction = 'in' order by conversation_id, seq`,
  )
  const { said, acknowledged } = stage.ledger
  const copies = new Map<string, Stored[]>()
  for (const message of stored) copies.set(message.text, [...(copies.get(message.text) ?? []), message])
  const known = new Map(said.map((utterance) => [utterance.text, utterance]))
  for (const utterance of said) {
    const count = copies.get(utterance.text)?.length ?? 0
    if (count === 0 && acknowledged.has(utterance.text)) {
      found.lost += 1
      found.violations.push(`lost: "${utterance.text}" was acknowledged`)
    }
    if (count > 1) {
      found.twice += 1
      found.violations.push(`stored ${count} times: "${utterance.text}"`)
    }
  }
  for (const { text, id } of stored)
    if (!known.has(text)) found.violations.push(`message ${id} was never said: "${text}"`)
  judgeOrder(stored, known, found)
  judgePlaces(stored, known, found)
  await judgeSums(stage, found)
  return stored.length
}

function judgeOrder(stored: readonly Stored[], known: ReadonlyMap<string, Utterance>, found: Findings): void {
  const last = new Map<string, number>()
  for (const { text, thread } of stored) {
    const n = known.get(text)?.n ?? 0
    const before = last.get(thread) ?? 0
    if (n < before) {
      found.disordered += 1
      found.violations.push(`out of order: "${text}" came behind ${before}`)
    }
    last.set(thread, Math.max(n, before))
  }
}

/** What one customer writes in one place belongs together, however it found its thread. */
function judgePlaces(stored: readonly Stored[], known: ReadonlyMap<string, Utterance>, found: Findings): void {
  const threads = new Map<string, Set<string>>()
  for (const { text, thread } of stored) {
    const place = known.get(text)?.place
    if (place !== undefined) threads.set(place, (threads.get(place) ?? new Set()).add(thread))
  }
  for (const [place, { size }] of threads) {
    if (size > 1) found.violations.push(`${place} is spread over ${size} threads`)
  }
}

const sums = `
  select 'conversation ' || c.id || ' counts ' || c.message_count || ' messages and has ' || count(m.id) as what
    from conversation c left join message m on m.conversation_id = c.id group by c.id having c.message_count <> count(m.id)
  union all
  select 'conversation ' || c.id || ' has seq up to ' || max(m.seq) || ' for ' || count(*) || ' messages, last_seq ' || c.last_seq
    from conversation c join message m on m.conversation_id = c.id
    group by c.id having max(m.seq) <> count(*) or min(m.seq) <> 1 or c.last_seq <> max(m.seq)
  union all
  -- what opens a conversation asks for hands, and is given them once
  select 'message ' || m.id || ' was routed ' || count(f.id) || ' times' from message m
    left join feed f on f.message_id = m.id and f.kind = 'routed'
    where m.direction = 'in' group by m.id having count(f.id) > 1 or (m.seq = 1 and count(f.id) = 0)
  union all
  select 'conversation ' || id || ' was given to nobody' from conversation where routed_at is null and last_incoming_seq > 0
  union all
  select 'thread ' || thread_id || ' was split into ' || count(*) || ' conversations' from conversation
    group by thread_id having count(*) > 1
  limit 50`

async function judgeSums(stage: Stage, found: Findings): Promise<void> {
  for (const { what } of await rowsOf<{ what: string }>(stage.pool, sums)) found.violations.push(what)
}
