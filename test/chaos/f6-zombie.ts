import { setTimeout as pause } from 'node:timers/promises'
import { everybodyIsKnown, startAgents } from './agents.ts'
import { type Campaign, type CampaignResult, type CampaignWish, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { endLeases, inFlight, rowsOf } from './database.ts'
import { plansFor } from './platform-plans.ts'
import { between } from './random.ts'
import { type InboxPlan, loopPlans, onAccepted, openStage, type Stage, widgetPlan } from './stage.ts'

/** Every so many rounds the receive lease is left to run out by itself, ms. */
const realExpiryEvery = 10
const receiveLeaseMs = 6_000
const takenOverWithinMs = 10_000

/** Two nodes race on one database; one is stopped past its leases, taken over, and woken to find out. */
export const zombie: Campaign = (wish) => sleeping(wish, 'F6', [...loopPlans, widgetPlan])
export const zombiePlatforms: Campaign = (wish) => sleeping(wish, 'P6', plansFor(wish.channels))

const threads = 3

async function sleeping(wish: CampaignWish, campaign: string, plans: readonly InboxPlan[]): Promise<CampaignResult> {
  const stage = await openStage({ ...wish, campaign, plans, nodes: 2 })
  try {
    // Slow platforms: whoever is stopped has something in flight.
    for (const inbox of stage.inboxes) onAccepted(inbox, () => pause(Math.random() * 400))
    const customers = startCustomers(stage, { threads, everyMs: 150 })
    const agents = startAgents(stage, 60)
    await everybodyIsKnown(stage, threads)
    const orphans: string[] = []
    for (let round = 1; round <= wish.rounds; round += 1) {
      await pause(between(stage.random, 100, 400))
      orphans.push(...(await stopOne(stage, round)))
    }
    const refused = await hushed(agents, customers)
    const dead = stage.apps.flatMap((app, node) => (app.alive() ? [] : [`node ${node} died`]))
    return await judge(stage, wish.rounds, [...orphans, ...refused, ...dead])
  } finally {
    await stage.close()
  }
}

/** Answers what was not taken over in time. */
async function stopOne(stage: Stage, round: number): Promise<string[]> {
  const app = stage.apps[stage.random() < 0.5 ? 0 : 1]
  await app?.signal('SIGSTOP')
  try {
    const flying = await inFlight(stage.pool)
    stage.ledger.stopped('node stopped', flying)
    if (round % realExpiryEvery === 0) return await takenOver(stage)
    await endLeases(stage.pool, flying)
    // The reaper looks every second: some zombies wake before it came, most after.
    await pause(between(stage.random, 400, 2_000))
    return []
  } finally {
    await app?.signal('SIGCONT')
  }
}

/** Past `receiveLeaseMs` every lease that still runs is the other node's. */
async function takenOver(stage: Stage): Promise<string[]> {
  const stopped = Date.now()
  await pause(receiveLeaseMs + 500)
  for (;;) {
    const receiving = stage.inboxes.filter(({ door, site }) => site || door === 'polling' || door === 'both')
    const rows = await rowsOf<{ name: string }>(
      stage.pool,
      `select name from inbox where id = any($1::bigint[]) and lease_until < now()`,
      [receiving.map(({ id }) => id)],
    )
    if (rows.length === 0) return []
    if (Date.now() - stopped > takenOverWithinMs) {
      return rows.map(({ name }) => `${name} was not taken over within ${takenOverWithinMs} ms`)
    }
    await pause(100)
  }
}
