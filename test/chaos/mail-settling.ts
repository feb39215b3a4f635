import { setTimeout as pause } from 'node:timers/promises'
import { calm } from './calm.ts'
import { rowsOf } from './database.ts'
import { deliveryOf, sendBounce, sendEcho } from './mail-site.ts'
import type { Stage } from './stage.ts'

const settledWithinMs = 15_000

/**
 * Of letters that the relay took without our knowing, one of three comes back to us, one is reported as undelivered, and
 * of one nothing is ever heard. Answers what was not believed.
 */
export async function settleByMail(stage: Stage, deliveries: readonly string[]): Promise<string[]> {
  const violations: string[] = []
  for (const [index, id] of deliveries.entries()) {
    const way = (['echo', 'bounce', 'nothing'] as const)[(Number(id) + index) % 3]
    const found = stage.inboxes.flatMap(({ mail }) => {
      const letter = mail?.relay.held.find((held) => deliveryOf(held) === id)
      return mail && letter ? [{ mail, letter }] : []
    })[0]
    if (!found || way === 'nothing') {
      stage.ledger.mustEnd(id, 'uncertain')
      continue
    }
    stage.ledger.mustEnd(id, way === 'echo' ? 'sent' : 'failed')
    await (way === 'echo' ? sendEcho : sendBounce)(found.mail, found.letter)
    if (!(await leftDoubt(stage, id))) violations.push(`delivery ${id} stayed uncertain after its ${way}`)
  }
  return violations
}

/** At the end of a campaign, of all that nobody knows; what is still in flight then has to be settled first. */
export async function settleAllByMail(stage: Stage): Promise<string[]> {
  if (!stage.inboxes.some(({ mail }) => mail)) return []
  const restless = await calm(stage)
  const rows = await rowsOf<{ id: string }>(stage.pool, `select id from delivery where state = 'uncertain' order by id`)
  const ids = rows.map(({ id }) => id)
  return [...restless, ...(await settleByMail(stage, ids))]
}

async function leftDoubt(stage: Stage, id: string): Promise<boolean> {
  const end = Date.now() + settledWithinMs
  while (Date.now() < end) {
    const [row] = await rowsOf<{ state: string }>(stage.pool, 'select state from delivery where id = $1', [id])
    if (row && row.state !== 'uncertain') return true
    await pause(20)
  }
  return false
}
