import { randomUUID } from 'node:crypto'
import { type MeasuredApp, startMeasuredApp } from './measured-app.ts'
import { millisecondLine } from './millisecond.ts'
import { type Latencies, openLoop } from './open-loop.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { keptAlive, post } from './webhook-load.ts'

const perSecond = 100
/** A server runs for months: what is measured is not its first seconds. */
const warmMs = 10_000
const people = 500

/** From an agent's POST being due to the call arriving at the platform. */
export async function replyLatency(bench: Bench): Promise<Line> {
  const measured = await startMeasuredApp(bench.server, 'g4', people)
  try {
    const goal = { goal: 'G4', what: `reply to the platform's call, ${perSecond}/s`, barMs: 15 }
    return await millisecondLine(bench, goal, () => measure(bench, measured))
  } finally {
    await measured.close()
  }
}

async function measure(bench: Bench, measured: MeasuredApp): Promise<Latencies> {
  const waiting = new Map<string, () => void>()
  measured.platform.onSend(({ text }) => {
    waiting.get(text)?.()
    waiting.delete(text)
    return undefined
  })
  const agent = keptAlive(64)
  const answer = async (index: number) => {
    const { conversation } = measured.chats[index % measured.chats.length]!
    const clientId = randomUUID()
    const text = `Your parcel is on its way. ${clientId}`
    const arrived = new Promise<void>((resolve) => waiting.set(text, resolve))
    const body = JSON.stringify({ kind: 'reply', text, clientId })
    const url = `${measured.app.url}/api/v1/conversations/${conversation}/messages`
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${measured.token}`,
    }
    const status = await post(agent, url, headers, body)
    if (status !== 201) throw new Error(`a reply was answered ${status}`)
    await arrived
  }
  await openLoop({ perSecond, ms: warmMs }, answer)
  const result = await openLoop({ perSecond, ms: bench.quick ? 4_000 : 10_000 }, answer)
  agent.destroy()
  return result
}
