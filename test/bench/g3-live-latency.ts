import { openLive } from '../chaos/live-client.ts'
import { type MeasuredApp, startMeasuredApp } from './measured-app.ts'
import { millisecondLine } from './millisecond.ts'
import { type Latencies, openLoop } from './open-loop.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { hook, keptAlive } from './webhook-load.ts'

const perSecond = 500
/** A server runs for months: what is measured is not its first seconds. */
const warmMs = 5_000
/** More than are written to in two seconds, so that a hint tells which message it is about. */
const people = 1_500

export async function liveLatency(bench: Bench): Promise<Line> {
  const measured = await startMeasuredApp(bench.server, 'g3', people)
  try {
    const goal = { goal: 'G3', what: `webhook to agent's socket, ${perSecond}/s`, barMs: 15 }
    return await millisecondLine(bench, goal, () => measure(bench, measured))
  } finally {
    await measured.close()
  }
}

async function measure(bench: Bench, measured: MeasuredApp): Promise<Latencies> {
  const waiting = new Map<string, () => void>()
  const live = await openLive(measured.app.url, measured.token, undefined, (frame) => {
    if (frame.type !== 'hint') return
    for (const { conversation } of frame.conversations) {
      waiting.get(conversation)?.()
      waiting.delete(conversation)
    }
  })
  const agent = keptAlive(64)
  const write = async (index: number) => {
    const { chat, conversation } = measured.chats[index % measured.chats.length]!
    const seen = new Promise<void>((resolve) => waiting.set(conversation, resolve))
    const status = await hook(measured, agent, chat)
    if (status !== 200) throw new Error(`a webhook was answered ${status}`)
    await seen
  }
  await openLoop({ perSecond, ms: warmMs }, write)
  const result = await openLoop({ perSecond, ms: bench.quick ? 4_000 : 10_000 }, write)
  agent.destroy()
  live.cut()
  return result
}
