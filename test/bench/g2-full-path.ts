import { setTimeout as pause } from 'node:timers/promises'
import { openLive } from '../chaos/live-client.ts'
import { type MeasuredApp, startMeasuredApp } from './measured-app.ts'
import { type Bench, rateLine } from './rate.ts'
import type { Line } from './report.ts'
import { hook, keptAlive } from './webhook-load.ts'

const connections = 64
const people = 2_000
const hintsWithinMs = 30_000

/** Webhooks at saturation: signature, commit, 2xx, and the agent's socket told of every one. */
export async function fullPath(bench: Bench): Promise<Line> {
  const measured = await startMeasuredApp(bench.server, 'g2', people)
  try {
    return await rateLine(bench, {
      goal: 'G2',
      what: `webhook to agent's socket, ${connections} callers`,
      bar: 0.4,
      measure: () => saturate(bench, measured),
    })
  } finally {
    await measured.close()
  }
}

async function saturate(bench: Bench, measured: MeasuredApp): Promise<number> {
  const heard = new Map<string, number>()
  const live = await openLive(measured.app.url, measured.token, undefined, (frame) => {
    if (frame.type !== 'hint') return
    for (const { conversation, version } of frame.conversations) heard.set(conversation, version)
  })
  const before = await versionsOf(measured)
  await callFor(measured, bench.probeTimes.warmMs)
  const start = performance.now()
  const messages = await callFor(measured, bench.probeTimes.measuredMs)
  const seconds = (performance.now() - start) / 1_000
  await allHeard(measured, before, heard)
  live.cut()
  return messages / seconds
}

async function callFor(measured: MeasuredApp, ms: number): Promise<number> {
  const agent = keptAlive(connections)
  const end = performance.now() + ms
  let messages = 0
  const caller = async () => {
    while (performance.now() < end) {
      const { chat } = measured.chats[Math.floor(Math.random() * measured.chats.length)]!
      const status = await hook(measured, agent, chat)
      if (status !== 200) throw new Error(`a webhook was answered ${status}`)
      messages += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, caller))
  agent.destroy()
  return messages
}

async function versionsOf(measured: MeasuredApp): Promise<Map<string, number>> {
  const { rows } = await measured.pool.query('select id, version from conversation')
  return new Map((rows as { id: string; version: string }[]).map(({ id, version }) => [id, Number(version)]))
}

/** Hints may be merged; what counts is that none is missing: the socket ends up at every changed conversation's version. */
async function allHeard(
  measured: MeasuredApp,
  before: ReadonlyMap<string, number>,
  heard: ReadonlyMap<string, number>,
): Promise<void> {
  const end = performance.now() + hintsWithinMs
  for (;;) {
    const now = [...(await versionsOf(measured))]
    const behind = now.filter(([id, version]) => version > (before.get(id) ?? 0) && (heard.get(id) ?? 0) < version)
    if (behind.length === 0) return
    if (performance.now() > end) throw new Error(`${behind.length} conversations changed without a hint`)
    await pause(100)
  }
}
