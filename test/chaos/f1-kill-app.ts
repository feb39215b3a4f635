import { setTimeout as pause } from 'node:timers/promises'
import { everybodyIsKnown, startAgents } from './agents.ts'
import { type Campaign, type CampaignResult, type CampaignWish, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { endLeases, inFlight, withoutApp } from './database.ts'
import { settleAllByMail } from './mail-settling.ts'
import { doorsOpen } from './mail-site.ts'
import { plansFor } from './platform-plans.ts'
import { between } from './random.ts'
import { type InboxPlan, loopPlans, mailPlan, openStage, type Stage, slowness, widgetPlan } from './stage.ts'

interface Killing {
  readonly campaign: string
  readonly plans: readonly InboxPlan[]
  readonly threads: number
  /** Between a customer's messages, between an agent's, ms. */
  readonly everyMs: readonly [said: number, answered: number]
  /** How long it lives between two deaths, ms. */
  readonly livesMs: readonly [from: number, to: number]
}

const busy: Killing = {
  campaign: 'F1',
  plans: [...loopPlans, widgetPlan],
  threads: 4,
  everyMs: [120, 150],
  livesMs: [120, 700],
}
const mail: Killing = {
  campaign: 'M1',
  plans: [mailPlan],
  threads: 8,
  everyMs: [120, 80],
  livesMs: [120, 1_400],
}

const platforms = { campaign: 'P1', threads: 4, everyMs: [200, 150], livesMs: [200, 1_200] } as const

/** kill -9 of the app at random moments while everybody writes and answers. */
export const killApp: Campaign = (wish) => killing(wish, busy)
export const killAppMail: Campaign = (wish) => killing(wish, mail)
export const killAppPlatforms: Campaign = (wish) => killing(wish, { ...platforms, plans: plansFor(wish.channels) })

async function killing(wish: CampaignWish, { campaign, plans, threads, ...pace }: Killing): Promise<CampaignResult> {
  const stage = await openStage({ ...wish, campaign, plans })
  try {
    const customers = startCustomers(stage, { threads, everyMs: pace.everyMs[0] })
    const agents = startAgents(stage, pace.everyMs[1])
    await everybodyIsKnown(stage, threads)
    for (let round = 1; round <= wish.rounds; round += 1) {
      await doorsOpen(stage)
      await pause(between(stage.random, ...pace.livesMs) * slowness(stage))
      await killOnce(stage)
    }
    const refused = await hushed(agents, customers)
    const doubts = await settleAllByMail(stage)
    return await judge(stage, wish.rounds, [...refused, ...doubts])
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
