import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { postmasterPid } from '../bench/server.ts'
import { percentile } from '../bench/stats.ts'
import { isReady } from '../support/app-process.ts'
import { startAgents } from './agents.ts'
import { type Campaign, type CampaignResult, type CampaignWish, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { endLeases, inFlight, rowsOf } from './database.ts'
import { settleAllByMail } from './mail-settling.ts'
import { doorsOpen } from './mail-site.ts'
import { between, oneOf } from './random.ts'
import { type InboxPlan, loopPlans, mailPlan, openStage, type Stage, slowness, widgetPlan } from './stage.ts'

const reconnectedWithinMs = 2_000
/** Polling is the floor until then. */
const listenWithinMs = 5_000
const ways = ['killed', 'immediate', 'fast'] as const

/** kill -9, immediate and fast restart of PostgreSQL in mid-flight; the app itself is never touched. */
export const killDatabase: Campaign = (wish) =>
  killing(wish, { campaign: 'F2', plans: [...loopPlans, widgetPlan], threads: 3 })
export const killDatabaseMail: Campaign = (wish) => killing(wish, { campaign: 'M2', plans: [mailPlan], threads: 8 })

interface Killing {
  readonly campaign: string
  readonly plans: readonly InboxPlan[]
  readonly threads: number
}

async function killing(wish: CampaignWish, { campaign, plans, threads }: Killing): Promise<CampaignResult> {
  const stage = await openStage({ ...wish, campaign, plans })
  const back: number[] = []
  const late: string[] = []
  try {
    const ears = await listening(stage)
    const customers = startCustomers(stage, { threads, everyMs: 120 })
    const agents = startAgents(stage, 200)
    for (let round = 1; round <= wish.rounds; round += 1) {
      await doorsOpen(stage)
      await pause(between(stage.random, 300, 900) * slowness(stage))
      const way = oneOf(stage.random, ways)
      await stopDatabase(stage, way)
      const ms = await reconnected(stage)
      if (!stage.apps[0]?.alive()) {
        late.push(`the app died with its database (${way})`)
        await stage.restart(0)
      }
      stage.ledger.killed(`database ${way}`, await inFlight(stage.pool))
      back.push(ms)
      if (ms > reconnectedWithinMs) late.push(`reconnected ${ms.toFixed(0)} ms after the database was up (${way})`)
    }
    const refused = await hushed(agents, customers)
    if (wish.rounds < 100) await endOrphans(stage)
    if (!(await listenRestored(stage, ears))) late.push(`LISTEN was not restored within ${listenWithinMs} ms`)
    const doubts = await settleAllByMail(stage)
    const result = await judge(stage, wish.rounds, [...late, ...refused, ...doubts])
    const note = `${result.note}; back p50 ${percentile(back, 50).toFixed(0)}, max ${Math.max(...back).toFixed(0)} ms after the database`
    return { ...result, note }
  } finally {
    await stage.close()
  }
}

/** Longer than any platform here takes: what is still in flight then has lost its sender's T4. */
const orphanMs = 2_000

async function endOrphans(stage: Stage): Promise<void> {
  await pause(orphanMs)
  const flying = await inFlight(stage.pool)
  for (const id of flying) stage.ledger.inFlight.add(id)
  await endLeases(stage.pool, flying)
}

async function listening(stage: Stage): Promise<number> {
  const rows = await rowsOf(
    stage.pool,
    `select pid from pg_stat_activity where query ilike 'listen %' and datname = current_database()`,
  )
  return rows.length
}

async function listenRestored(stage: Stage, ears: number): Promise<boolean> {
  const end = Date.now() + listenWithinMs
  while (Date.now() < end) {
    if (ears > 0 && (await listening(stage)) >= ears) return true
    await pause(50)
  }
  return false
}

async function stopDatabase(stage: Stage, way: (typeof ways)[number]): Promise<void> {
  const postmaster = await postmasterPid(stage.server.target)
  if (way === 'killed') {
    const backends = childrenOf(postmaster)
    for (const pid of [postmaster, ...backends]) kill(pid, 'SIGKILL')
  } else kill(postmaster, way === 'immediate' ? 'SIGQUIT' : 'SIGINT')
  while (isAlive(postmaster)) await pause(5)
}

/** From the first answer of the new server to the first ready of the app, ms. */
async function reconnected(stage: Stage): Promise<number> {
  while (
    !(await stage.pool.query('select 1').then(
      () => true,
      () => false,
    ))
  )
    await pause(10)
  const up = performance.now()
  while (stage.apps[0]?.alive() && !(await isReady(stage.where()))) await pause(10)
  return performance.now() - up
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It was faster than we were.
  }
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/\) [ZX] /.test(stat)
  } catch {
    return false
  }
}
