import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createToken } from '../../src/store/token.ts'
import { residentMiB } from '../bench/cpu.ts'
import { percentile } from '../bench/stats.ts'
import { untilYes } from './api.ts'
import { type Campaign, type CampaignResult, judge } from './campaign.ts'
import { hookCall } from './customers.ts'
import { openLive } from './live-client.ts'
import { openStage, type Stage } from './stage.ts'

/** As many as one principal may have. */
const socketsOfToken = 40
const maxKiBOfSocket = 64
/** Others may be this much slower before it counts: noise of a shared machine. */
const toleranceMs = 25
const cutWithinMs = 75_000
const hintsMeasured = 120

/** Sockets of agents that never read: bounded memory, cut in the end, nobody else slower. */
export const deafSockets: Campaign = async (wish) => {
  const count = wish.rounds >= 100 ? 1_000 : 400
  const plans = [{ name: 'plain', door: 'webhook', switches: {} } as const]
  const stage = await openStage({ ...wish, campaign: 'F10', plans })
  const deaf: Socket[] = []
  try {
    const pid = stage.apps[0]?.pid ?? 0
    const before = await hintLatency(stage)
    const memory = await heldMiB(pid)
    await fill(stage, deaf, count)
    const during = await hintLatency(stage)
    const growth = ((await heldMiB(pid)) - memory) * (1_024 / count)
    const cut = await allCut(stage, pid)
    const figures = { before, during, growth, cut, count }
    return report(await judge(stage, 1), figures)
  } finally {
    for (const socket of deaf) socket.destroy()
    await stage.close()
  }
}

/** The least within some seconds: what a collector that was starved has not given back yet is not held by the sockets. */
async function heldMiB(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let n = 0; n < 12; n += 1) {
    least = Math.min(least, residentMiB(pid))
    await pause(250)
  }
  return least
}

interface Figures {
  readonly before: number
  readonly during: number
  /** KiB a socket. */
  readonly growth: number
  readonly cut: number | null
  readonly count: number
}

function report(result: CampaignResult, { before, during, growth, cut, count }: Figures): CampaignResult {
  const violations = [
    ...(growth > maxKiBOfSocket ? [`${growth.toFixed(0)} KiB more memory for each socket that does not read`] : []),
    ...(during > before * 2 + toleranceMs
      ? [`hints of others p99 ${before.toFixed(0)} -> ${during.toFixed(0)} ms`]
      : []),
    ...(cut === null ? ['sockets that never read were not cut'] : []),
  ]
  const seconds = cut === null ? 'never' : `${(cut / 1_000).toFixed(0)} s`
  const note = `${count} deaf sockets: ${growth.toFixed(1)} KiB each, cut after ${seconds}; others p99 ${before.toFixed(0)} -> ${during.toFixed(0)} ms`
  return { ...result, note, violations: [...result.violations, ...violations] }
}

async function fill(stage: Stage, deaf: Socket[], count: number): Promise<void> {
  const port = Number(new URL(stage.where()).port)
  for (let made = 0; made < count; made += socketsOfToken) {
    const { secret } = await createToken(stage.pool, { name: `deaf ${made}`, scopes: ['read'], agentId: null })
    const some = Array.from({ length: Math.min(socketsOfToken, count - made) }, () => deafSocket(port, secret))
    deaf.push(...(await Promise.all(some)))
  }
}

/** A handshake, and then never a look at what comes. */
async function deafSocket(port: number, token: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  const key = randomBytes(16).toString('base64')
  const lines = [
    'GET /api/v1/live HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    `Authorization: Bearer ${token}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString('latin1', 0, 12)))
    socket.once('close', () => resolve('closed'))
  })
  socket.pause()
  if (answer !== 'HTTP/1.1 101') throw new Error(`a socket was refused: ${answer}`)
  return socket
}

/** From a webhook's sending to the hint at an agent who reads, p99. Each message is of another conversation: hints grow. */
async function hintLatency(stage: Stage): Promise<number> {
  const [inbox] = stage.inboxes
  if (!inbox) return Number.NaN
  let heard: () => void = () => {}
  const live = await openLive(stage.where(), stage.token, undefined, (frame) => {
    if (frame.type === 'hint') heard()
  })
  const latencies: number[] = []
  for (let n = 1; n <= hintsMeasured; n += 1) {
    const place = `deaf-${randomBytes(4).toString('hex')}`
    const text = `${place} says 1`
    stage.ledger.say({ inbox: inbox.id, place, n: 1, text })
    const hint = new Promise<void>((resolve) => {
      heard = resolve
    })
    const update = {
      type: 'message',
      chat: { id: place },
      from: { id: place },
      message: place,
      text,
      id: place,
    } as const
    const start = performance.now()
    await untilYes(stage.where, hookCall(inbox, { ...update, at: Date.now() }), AbortSignal.timeout(20_000))
    stage.ledger.acknowledge(text)
    await Promise.race([hint, pause(2_000)])
    latencies.push(performance.now() - start)
    await pause(20)
  }
  live.cut()
  return percentile(latencies, 99)
}

/** ms until the app holds no more than a handful of sockets; null: it still does. */
async function allCut(stage: Stage, pid: number): Promise<number | null> {
  const start = Date.now()
  const open = () => readdirSync(`/proc/${pid}/fd`).length
  while (Date.now() - start < cutWithinMs) {
    if (open() < 120) return Date.now() - start
    await pause(250)
  }
  return stage.apps[0]?.alive() ? null : 0
}
