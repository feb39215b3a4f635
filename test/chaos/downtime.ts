import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../bench/stats.ts'
import { everybodyIsKnown, startAgents } from './agents.ts'
import { incomingByInbox } from './calm.ts'
import { type Campaign, type CampaignResult, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { rowsOf, withoutApp } from './database.ts'
import { deliveryOf, doorsOpen } from './mail-site.ts'
import { tooMany } from './outages.ts'
import { plansFor } from './platform-plans.ts'
import { between } from './random.ts'
import { openStage, type Stage } from './stage.ts'

const people = 4
const downMs = [2_000, 5_000] as const
const hereWithinMs = 60_000
/** What was taken away on purpose does not come. */
const sabotagedMs = 10_000

interface Seen {
  /** What the platforms kept for us, replies that waited for them, time until all of it was here. */
  readonly missed: number[]
  readonly waited: number[]
  readonly caughtUpMs: number[]
}

/** The service is stopped in the ordinary way while everybody writes on every channel, and started again after a while. */
export const downtime: Campaign = async (wish) => {
  const stage = await openStage({ ...wish, campaign: 'downtime', plans: plansFor(wish.channels, { mail: true }) })
  const patienceMs = wish.sabotage ? sabotagedMs : hereWithinMs
  try {
    const customers = startCustomers(stage, { threads: people, everyMs: 300 })
    const agents = startAgents(stage, 200)
    await everybodyIsKnown(stage, people)
    const seen: Seen = { missed: [], waited: [], caughtUpMs: [] }
    const late: string[] = []
    for (let round = 1; round <= wish.rounds; round += 1) late.push(...(await oneRound(stage, seen, patienceMs)))
    const refused = await hushed(agents, customers)
    return withFigures(await judge(stage, wish.rounds, [...late, ...refused], patienceMs), seen)
  } finally {
    await stage.close()
  }
}

async function oneRound(stage: Stage, seen: Seen, patienceMs: number): Promise<string[]> {
  await doorsOpen(stage)
  await pause(between(stage.random, 500, 1_500))
  const takeAgain = takeNothing(stage)
  await pause(500)
  await stage.apps[0]?.signal('SIGTERM')
  await withoutApp(stage.pool)
  stage.ledger.killed('service stopped', [])
  seen.waited.push(await waitingReplies(stage))
  takeAgain()
  await pause(between(stage.random, ...downMs))
  const said = new Map(sitesOf(stage).map(({ id }) => [id, stage.ledger.said.filter((one) => one.inbox === id).length]))
  const before = await incomingByInbox(stage.pool)
  seen.missed.push([...said].reduce((sum, [id, n]) => sum + n - (before.get(id) ?? 0), 0))
  await stage.restart(0)
  const start = performance.now()
  while (performance.now() - start < patienceMs) {
    const here = await incomingByInbox(stage.pool)
    if ([...said].every(([id, n]) => (here.get(id) ?? 0) >= n)) {
      seen.caughtUpMs.push(performance.now() - start)
      return []
    }
    await pause(50)
  }
  return [`what was said meanwhile was not here ${patienceMs} ms after the start`]
}

const sitesOf = ({ inboxes }: Stage) => inboxes.filter(({ site }) => site)

/** Until the answer is called, no platform takes a send: replies wait. */
function takeNothing({ inboxes }: Stage): () => void {
  for (const { site, mail } of inboxes) {
    if (site) site.whims.spoil = () => ({ effect: false, answer: tooMany.answer })
    mail?.relay.onStep((step, letter) => (step === 'data' && deliveryOf(letter) ? { do: 'drop' } : undefined))
  }
  return () => {
    for (const { site, mail } of inboxes) {
      if (site) site.whims.spoil = () => undefined
      mail?.relay.onStep(() => undefined)
    }
  }
}

async function waitingReplies({ pool }: Stage): Promise<number> {
  const [row] = await rowsOf<{ n: string }>(pool, `select count(*) as n from delivery where state = 'pending'`)
  return Number(row?.n ?? 0)
}

/** Who stops in the ordinary way finishes what was begun: nothing is in doubt. */
function withFigures(result: CampaignResult, { missed, waited, caughtUpMs }: Seen): CampaignResult {
  const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)
  const doubts = result.uncertainSeen === 0 ? [] : [`${result.uncertainSeen} became uncertain, none expected`]
  const idle = [
    ...(sum(missed) > 0 ? [] : ['nothing was said meanwhile']),
    ...(sum(waited) > 0 ? [] : ['no reply waited']),
  ]
  const times = `${percentile(caughtUpMs, 50).toFixed(0)} ms (p50), ${Math.max(...caughtUpMs).toFixed(0)} at most`
  const note = `${result.note}; ${sum(missed)} messages said meanwhile, here ${times} after the start; ${sum(waited)} replies waited`
  return { ...result, uncertainExpected: '= 0', note, violations: [...result.violations, ...doubts, ...idle] }
}
