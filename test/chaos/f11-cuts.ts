import { setTimeout as pause } from 'node:timers/promises'
import type { ServerFrame } from '../../src/wire/live.ts'
import { startAgents } from './agents.ts'
import { calm } from './calm.ts'
import { type Campaign, hushed, judge } from './campaign.ts'
import { startCustomers } from './customers.ts'
import { rowsOf } from './database.ts'
import { killOnce } from './f1-kill-app.ts'
import { type LiveClient, openLive } from './live-client.ts'
import { wholeFeed } from './oracle-feed.ts'
import { between } from './random.ts'
import { loopPlans, openStage, type Stage, widgetPlan } from './stage.ts'

const killEvery = 8

/** What one agent's browser holds, told by hints alone or fetched afresh when it is told to. */
interface Screen {
  position: string | undefined
  readonly versions: Map<string, number>
  readonly complaints: string[]
  resyncs: number
}

/** An agent is cut off again and again, comes back with `since`, and must end up knowing what a fresh look would show. */
export const cuts: Campaign = async (wish) => {
  const stage = await openStage({ ...wish, campaign: 'F11', plans: [...loopPlans, widgetPlan] })
  try {
    const screen: Screen = { position: undefined, versions: new Map(), complaints: [], resyncs: 0 }
    const customers = startCustomers(stage, { threads: 4, everyMs: 150 })
    const agents = startAgents(stage, 200)
    for (let round = 1; round <= wish.rounds; round += 1) await oneCut(stage, screen, round)
    const refused = await hushed(agents, customers)
    const rest = await calm(stage)
    await lastLook(stage, screen)
    const differences = await compare(stage, screen)
    const result = await judge(stage, wish.rounds, [...refused, ...rest, ...screen.complaints, ...differences])
    return {
      ...result,
      note: `${result.note}; ${screen.resyncs} resyncs, ${screen.versions.size} conversations on the screen`,
    }
  } finally {
    await stage.close()
  }
}

async function oneCut(stage: Stage, screen: Screen, round: number): Promise<void> {
  const live = await comeBack(stage, screen)
  await pause(between(stage.random, 20, 400))
  live.cut()
  if (round % killEvery === 0) await killOnce(stage)
  await pause(between(stage.random, 0, 500))
}

async function comeBack(stage: Stage, screen: Screen): Promise<LiveClient> {
  for (;;) {
    const frames = (frame: ServerFrame) => void take(stage, screen, frame)
    const live = await openLive(stage.where(), stage.token, screen.position, frames).catch(() => null)
    if (live) return live
    await pause(50)
  }
}

function take(stage: Stage, screen: Screen, frame: ServerFrame): void {
  if (frame.type === 'ready' || frame.type === 'resync') {
    if (screen.position === undefined || frame.type === 'resync' || frame.resync) void lookAfresh(stage, screen)
    if (screen.position === undefined) screen.position = frame.position
  }
  if (frame.type !== 'hint') return
  if (screen.position !== undefined && BigInt(frame.position) <= BigInt(screen.position)) {
    screen.complaints.push(`hint ${frame.position} came again behind ${screen.position}`)
  }
  screen.position = frame.position
  for (const { conversation, version } of frame.conversations) know(screen, conversation, version)
}

function know(screen: Screen, conversation: string, version: number): void {
  screen.versions.set(conversation, Math.max(version, screen.versions.get(conversation) ?? 0))
}

async function lookAfresh(stage: Stage, screen: Screen): Promise<void> {
  screen.resyncs += 1
  for (const { id, version } of await versionsOf(stage)) know(screen, id, version)
}

async function versionsOf(stage: Stage): Promise<{ id: string; version: number }[]> {
  const rows = await rowsOf<{ id: string; version: string }>(stage.pool, 'select id, version from conversation')
  return rows.map(({ id, version }) => ({ id, version: Number(version) }))
}

/** The last time back: stays until it has heard of the newest entry. */
async function lastLook(stage: Stage, screen: Screen): Promise<void> {
  const newest = (await wholeFeed(stage)).at(-1)?.position ?? '0'
  const live = await comeBack(stage, screen)
  const end = Date.now() + 5_000
  while (Date.now() < end && BigInt(screen.position ?? '0') < BigInt(newest)) await pause(20)
  live.cut()
}

async function compare(stage: Stage, screen: Screen): Promise<string[]> {
  return (await versionsOf(stage)).flatMap(({ id, version }) => {
    const shown = screen.versions.get(id)
    return shown === version ? [] : [`conversation ${id} is at ${version}, the screen shows ${shown ?? 'nothing'}`]
  })
}
