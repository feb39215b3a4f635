import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { untilYes } from './api.ts'
import type { Crowd } from './customers.ts'
import { rowsOf } from './database.ts'
import { between, oneOf } from './random.ts'
import type { ChaosInbox, Stage } from './stage.ts'

const patienceMs = 180_000

/** One answering hand for each inbox: a reply, the same again until it is taken, then the next. */
export function startAgents(stage: Stage, everyMs: number): Crowd {
  const quiet = new AbortController()
  const hands = stage.inboxes.map((inbox) => hand(stage, inbox, everyMs, quiet.signal))
  for (const one of hands) one.catch(() => {})
  return {
    stop: async () => {
      quiet.abort()
      await Promise.all(hands)
    },
  }
}

async function hand(stage: Stage, inbox: ChaosInbox, everyMs: number, quiet: AbortSignal): Promise<void> {
  const counts = new Map<string, number>()
  while (!quiet.aborted) {
    await pause(between(stage.random, 0.5, 1.5) * everyMs)
    const open = await conversationsOf(stage, inbox).catch(() => [])
    if (open.length === 0) continue
    const place = oneOf(stage.random, open)
    const n = (counts.get(place) ?? 0) + 1
    counts.set(place, n)
    await reply(stage, inbox, place, n)
  }
}

export async function conversationsOf(stage: Stage, inbox: ChaosInbox): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(stage.pool, 'select id from conversation where inbox_id = $1 order by id', [
    inbox.id,
  ])
  return rows.map(({ id }) => id)
}

/** Whoever nobody has heard yet cannot be caught up with everywhere. */
export async function everybodyIsKnown(stage: Stage, threads: number): Promise<void> {
  const known = (inbox: ChaosInbox) => conversationsOf(stage, inbox)
  while ((await Promise.all(stage.inboxes.map(known))).some(({ length }) => length < threads)) await pause(20)
}

/** Resolves when the reply is taken: from then on it must arrive, or be shown as uncertain. */
export async function reply(stage: Stage, inbox: ChaosInbox, conversation: string, n: number): Promise<string> {
  const text = `${inbox.name} answers ${n} in ${conversation}`
  stage.ledger.reply({ inbox: inbox.id, place: conversation, n, text })
  const body = { kind: 'reply', text, clientId: randomUUID() }
  const path = `/api/v1/conversations/${conversation}/messages`
  await untilYes(stage.where, { method: 'POST', path, token: stage.token, body }, AbortSignal.timeout(patienceMs))
  stage.ledger.acknowledge(text)
  return text
}
