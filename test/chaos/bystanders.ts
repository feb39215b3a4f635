import { setTimeout as pause } from 'node:timers/promises'
import { reply } from './agents.ts'
import { voiceIn } from './customers.ts'
import { rowsOf } from './database.ts'
import type { Voice } from './platform-site.ts'
import type { ChaosInbox, Stage } from './stage.ts'

/** ms. */
export type Latencies = number[]

/** A customer of an inbox that is well while another's platform is not. */
export interface Probe {
  readonly inbox: ChaosInbox
  readonly place: string
  readonly speak: Voice
  said: number
  conversation: string
}

/** Longer than a poll that was asked for in an outage waits for its answer. */
const longestMs = 120_000

/** Each says one thing, so that nobody begins later. */
export async function openProbes(stage: Stage): Promise<Probe[]> {
  const probes = await Promise.all(
    stage.inboxes.map(async (inbox) => {
      const place = `${inbox.name}-probe`
      return { inbox, place, speak: await voiceIn(stage, inbox, place), said: 0, conversation: '' }
    }),
  )
  for (const probe of probes) {
    await heard(stage, probe)
    const sql = 'select conversation_id as id from message where text = $1'
    const [row] = await rowsOf<{ id: string }>(stage.pool, sql, [`${probe.place} says 1`])
    probe.conversation = row?.id ?? ''
  }
  return probes
}

/** In every inbox but the one that is ill: a customer's word until it is here, and an answer until it is there. */
export async function bystanders(stage: Stage, probes: readonly Probe[], ill: string | undefined): Promise<Latencies> {
  const well = probes.filter(({ inbox }) => inbox.id !== ill)
  const all = await Promise.all(well.flatMap((probe) => [heard(stage, probe), answered(stage, probe)]))
  return all
}

export async function heard(stage: Stage, probe: Probe): Promise<number> {
  probe.said += 1
  const { inbox, place, said: n } = probe
  const text = `${place} says ${n}`
  stage.ledger.say({ inbox: inbox.id, place, n, text })
  const start = performance.now()
  await probe.speak(text)
  const here = `select 1 as found from message where text = $1 and direction = 'in' limit 1`
  return waited(start, async () => (await rowsOf(stage.pool, here, [text])).length > 0)
}

async function answered(stage: Stage, { inbox, said, conversation }: Probe): Promise<number> {
  const start = performance.now()
  const text = await reply(stage, inbox, conversation, said)
  const there = `select 1 as found from delivery d join message m on m.id = d.message_id
    where m.text = $1 and d.state in ('sent', 'delivered', 'read')`
  return waited(start, async () => (await rowsOf(stage.pool, there, [text])).length > 0)
}

async function waited(start: number, over: () => Promise<boolean>): Promise<number> {
  while (!(await over()) && performance.now() - start < longestMs) await pause(10)
  return performance.now() - start
}
