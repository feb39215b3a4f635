import { setTimeout as pause } from 'node:timers/promises'
import { startAgents } from './agents.ts'
import { type Campaign, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { endLeases, inFlight, withoutApp } from './database.ts'
import { between } from './random.ts'
import { loopPlans, openStage, type Stage, widgetPlan } from './stage.ts'

/** kill -9 of the app at random moments while everybody writes and answers. */
export const killApp: Campaign = async (wish) => {
  const stage = await openStage({ ...wish, campaign: 'F1', plans: [...loopPlans, widgetPlan] })
  try {
    const customers = startCustomers(stage, { threads: 4, everyMs: 120 })
    const agents = startAgents(stage, 150)
    for (let round = 1; round <= wish.rounds; round += 1) {
      await pause(between(stage.random, 120, 700))
      await killOnce(stage)
    }
    const refused = await hushed(agents, customers)
    return await judge(stage, wish.rounds, refused)
  } finally {
    await stage.close()
  }
}

export async function killOnce(stage: Stage): Promise<void> {
  await stage.apps[0]?.signal('SIGKILL')
  await withoutApp(stage.pool)
  const flying = await inFlight(stage.pool)
  stage.ledger.killed('app', flying)
  // The holder is dead: waiting for its leases would only make rounds longer, not harder.
  await endLeases(stage.pool, flying)
  await stage.restart(0)
}
