import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { everybodyIsKnown, startAgents } from './agents.ts'
import { type Campaign, type CampaignResult, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { plansFor } from './platform-plans.ts'
import { openStage, type Stage } from './stage.ts'
import { startTroubles, type Troubles } from './troubles.ts'
import { type Watch, watch } from './watch.ts'

/** In each inbox. */
const people = 8
const messagesASecond = 20
const answerEveryMs = 1_000
/** The newest faults must have had their effect before the end: longer than a poll that hangs, or a letter put off. */
const calmTailMs = 100_000
const patienceMs = 180_000
/** Parts of the whole that are compared: of an hour minutes 5 to 15 and the last ten. */
const early = [1 / 12, 3 / 12] as const
const late = [10 / 12, 1] as const
const looksAt = [1 / 12, 2 / 12, 3 / 12, 10 / 12, 11 / 12, 0.998] as const
const grows = { ratio: 1.1, few: 10 } as const
/** What comes and goes with every connection and call. */
const fleeting: Readonly<Record<string, number>> = { signals: 100, emitters: 100 }

/** All channels at once for an hour, while their platforms misbehave: nothing lost or doubled, and nothing grows. */
export const soak: Campaign = async (wish) => {
  const plans = plansFor(wish.channels, { mail: true })
  const stage = await openStage({ ...wish, campaign: 'soak', plans })
  const wholeMs = (wish.minutes ?? 60) * 60_000
  try {
    const everyMs = (people * plans.length * 1_000) / messagesASecond
    const customers = startCustomers(stage, { threads: people, everyMs })
    await everybodyIsKnown(stage, people)
    const agents = startAgents(stage, answerEveryMs)
    const troubles = startTroubles(stage)
    const seen = await observe(stage, wholeMs, troubles)
    const refused = await hushed(troubles, agents, customers)
    const result = await judge(stage, 1, [...refused, ...leaks(stage, seen)], patienceMs)
    return withFigures(result, seen, troubles, wholeMs)
  } finally {
    await stage.close()
  }
}

async function observe(stage: Stage, wholeMs: number, troubles: Troubles): Promise<Watch> {
  const [app] = stage.apps
  if (!app) throw new Error('no app')
  const start = performance.now()
  const until = (ms: number) => pause(Math.max(0, start + ms - performance.now()))
  const seen = watch(app, stage.lookFile, wholeMs)
  const trimming = setInterval(() => {
    for (const { site } of stage.inboxes) site?.trim()
  }, 20_000)
  const calming = setTimeout(() => void troubles.stop(), wholeMs - calmTailMs)
  for (const at of looksAt) {
    await until(at * wholeMs)
    await seen.look()
  }
  await until(wholeMs)
  seen.stop()
  clearInterval(trimming)
  clearTimeout(calming)
  return seen
}

function leaks(stage: Stage, seen: Watch): string[] {
  const [before, after] = [seen.between(...early), seen.between(...late)]
  const grown = Object.entries(after).flatMap(([name, value]) => {
    const usual = before[name] ?? 0
    const isFine = value <= usual * grows.ratio + (name === 'rss' ? 0 : (fleeting[name] ?? grows.few))
    return isFine ? [] : [`${name} grew from ${figure(name, usual)} to ${figure(name, value)}`]
  })
  const log = readFileSync(join(stage.folder, 'node-0.log'), 'utf8')
  return [...grown, ...(log.includes('MaxListenersExceeded') ? ['listeners were added without end'] : [])]
}

function withFigures(result: CampaignResult, seen: Watch, { counts }: Troubles, wholeMs: number): CampaignResult {
  const [before, after] = [seen.between(...early), seen.between(...late)]
  const figures = Object.entries(after).map(
    ([name, value]) => `${name} ${figure(name, before[name] ?? 0)} -> ${figure(name, value)}`,
  )
  const rate = (result.acknowledged / wholeMs) * 1_000
  const note = `${result.note}; ${rate.toFixed(1)} messages/s; ${counts.faults} faults, ${counts.outages} outages; ${figures.join(', ')}`
  return { ...result, note }
}

function figure(name: string, value: number): string {
  return ['rss', 'heap', 'external'].includes(name) ? `${(value / 2 ** 20).toFixed(1)} MiB` : value.toFixed(1)
}
