import { setTimeout as pause } from 'node:timers/promises'
import { conversationsOf, everybodyIsKnown, reply } from './agents.ts'
import { type Campaign, type CampaignResult, type CampaignWish, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { endLeases, inFlight, rowsOf, withoutApp } from './database.ts'
import { settleByMail } from './mail-settling.ts'
import { plansFor } from './platform-plans.ts'
import {
  type ChaosInbox,
  type InboxPlan,
  loopPlans,
  mailPlan,
  onAccepted,
  openStage,
  type Stage,
  slowly,
} from './stage.ts'

/** Without limits: a refusal for being too fast would be no lost answer. */
const withoutLimits = loopPlans.filter((plan) => plan.switches.limits === undefined)

/** The app dies between "the platform accepted" and T4: two replies in every inbox at each death. */
export const lostAnswer: Campaign = (wish) => losing(wish, 'F3', withoutLimits)
export const lostAnswerMail: Campaign = (wish) => losing(wish, 'M3', [mailPlan])
/** The widget's customer fetches what lies after its cursor: no answer of it can be lost. */
export const lostAnswerPlatforms: Campaign = (wish) =>
  losing(
    wish,
    'P3',
    plansFor(wish.channels).filter(({ open }) => open),
  )

export async function losing(
  wish: CampaignWish,
  campaign: string,
  plans: readonly InboxPlan[],
): Promise<CampaignResult> {
  const stage = await openStage({ ...wish, campaign, plans })
  try {
    const customers = startCustomers(stage, { threads: 2, everyMs: 50 })
    await everybodyIsKnown(stage, 2)
    const refused = await hushed(customers)
    // A death loses two answers in each inbox: half as many deaths as rounds.
    const deaths = Math.ceil(wish.rounds / 2)
    const doubts: string[] = []
    for (let death = 1; death <= deaths; death += 1) doubts.push(...(await oneDeath(stage, death)))
    const result = await judge(stage, wish.rounds, [...refused, ...doubts])
    // An echo tells what was sent before anybody has to ask: such a delivery may never be uncertain at all.
    const asking = plans.filter((plan) => !plan.switches.idempotent && !plan.switches.echo).length
    const most = plans.filter((plan) => !plan.switches.idempotent).length
    const [low, high] = [asking * deaths * 2, most * deaths * 2]
    const wrong = result.uncertainSeen < low || result.uncertainSeen > high
    const expected = low === high ? `= ${low}` : `${low}..${high}`
    const violations = wrong ? [`${result.uncertainSeen} deliveries became uncertain, ${expected} expected`] : []
    return { ...result, uncertainExpected: expected, violations: [...result.violations, ...violations] }
  } finally {
    await stage.close()
  }
}

async function oneDeath(stage: Stage, death: number): Promise<string[]> {
  const accepted = stage.inboxes.map((inbox) => acceptedTwice(inbox))
  const replies = stage.inboxes.map(async (inbox) => {
    const two = (await conversationsOf(stage, inbox)).slice(0, 2)
    await Promise.all(two.map((conversation) => reply(stage, inbox, conversation, death)))
  })
  await Promise.all([...replies, ...accepted])
  await stage.apps[0]?.signal('SIGKILL')
  for (const inbox of stage.inboxes) onAccepted(inbox, slowly)
  await withoutApp(stage.pool)
  const flying = await inFlight(stage.pool)
  stage.ledger.killed('app inside the answer', flying)
  await endLeases(stage.pool, flying)
  await stage.restart(0)
  await settled(stage)
  const unasked = stage.inboxes.some(({ mail, switches }) => mail && !switches.confirm)
  return unasked ? settleByMail(stage, flying) : []
}

/** Resolves when the platform holds two more messages, whose answers never come. */
function acceptedTwice(inbox: ChaosInbox): Promise<void> {
  let count = 0
  return new Promise<void>((resolve) => {
    onAccepted(inbox, async () => {
      count += 1
      if (count === 2) resolve()
      await new Promise(() => {})
    })
  })
}

async function settled(stage: Stage): Promise<void> {
  const end = Date.now() + 30_000
  while (Date.now() < end) {
    const [row] = await rowsOf<{ n: string }>(
      stage.pool,
      `select count(*) as n from delivery where state in ('pending', 'sending')`,
    )
    if (row?.n === '0') return
    await pause(20)
  }
}
