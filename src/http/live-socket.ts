import { randomUUID } from 'node:crypto'
import type { RawData, WebSocket } from 'ws'
import { may, type Principal } from '../domain/principal.ts'
import { sees } from '../domain/visibility.ts'
import type { Outlet } from '../realtime/outlet.ts'
import type { Viewers } from '../realtime/viewers.ts'
import type { Database } from '../store/database.ts'
import { type Person, type Place, placeFor, type Signal, sendSignal } from '../store/ephemeral.ts'
import type { FeedEntry } from '../store/feed.ts'
import { type ClientFrame, clientFrame } from '../wire/live.ts'

/** Frames a socket may send in ten seconds; a person typing sends far fewer. */
const MAX_FRAMES = 200
/** The same word about typing is not passed on more often than this, ms. */
const TYPING_MS = 1_500

export interface LiveSocket {
  readonly id: string
  readonly socket: WebSocket
  readonly outlet: Outlet
  principal: Principal
  person: Person | null
  viewing: Place | null
  readonly frames: { since: number; n: number }
  typing: { key: string; at: number }
}

export function createLiveSocket(socket: WebSocket, outlet: Outlet, principal: Principal): LiveSocket {
  return {
    id: randomUUID(),
    socket,
    outlet,
    principal,
    person: null,
    viewing: null,
    frames: { since: performance.now(), n: 0 },
    typing: { key: '', at: 0 },
  }
}

export function seesRow(principal: Principal, row: FeedEntry): boolean {
  const { inboxId, conversationId } = row
  if (inboxId === null) return true
  if (conversationId === null) return principal.inboxIds.includes(inboxId)
  return sees(principal, { ...row, inboxId })
}

/** null: not a frame of ours, whatever it was. */
export function readFrame(data: RawData, isBinary: boolean): ClientFrame | null {
  if (isBinary) return null
  try {
    return clientFrame.parse(JSON.parse(String(data)))
  } catch {
    return null
  }
}

/** Asked before a frame is queued: what waits for the database may not pile up. */
export function mayGoOn({ frames }: LiveSocket): boolean {
  const now = performance.now()
  if (now - frames.since > 10_000) Object.assign(frames, { since: now, n: 0 })
  return ++frames.n <= MAX_FRAMES
}

/** Answers carry nothing of anybody else's state. */
export async function takeFrame(db: Database, live: LiveSocket, frame: ClientFrame): Promise<void> {
  if (frame.type === 'ping') return live.outlet.moment({ type: 'pong' })
  // Tokens of the installation have no face to show, and readers change nothing.
  if (live.person === null || !may(live.principal, 'write')) return
  if (frame.type === 'typing') return passTyping(db, live, frame)
  await leaveView(db, live)
  const { conversation } = frame
  live.viewing = conversation === null ? null : await placeFor(db.pool, conversation, live.principal)
  await announceView(db, live)
}

async function passTyping(db: Database, live: LiveSocket, frame: ClientFrame & { type: 'typing' }): Promise<void> {
  const key = `${frame.conversation}:${frame.typing}`
  const now = performance.now()
  if (live.typing.key === key && now - live.typing.at < TYPING_MS) return
  live.typing = { key, at: now }
  const place = await placeFor(db.pool, frame.conversation, live.principal)
  if (place === null || live.person === null) return
  await sendSignal(db.pool, { type: 'typing', typing: frame.typing, by: { type: 'agent', ...live.person }, ...place })
}

export async function announceView(db: Database, live: LiveSocket): Promise<void> {
  await sendView(db, live, true)
}

export async function leaveView(db: Database, live: LiveSocket): Promise<void> {
  await sendView(db, live, false)
  live.viewing = null
}

async function sendView(db: Database, live: LiveSocket, on: boolean): Promise<void> {
  if (live.viewing === null || live.person === null) return
  await sendSignal(db.pool, { type: 'viewing', socket: live.id, on, agent: live.person, ...live.viewing })
}

/** What one socket hears of a signal. */
export function passSignal(live: LiveSocket, signal: Signal, viewers: Viewers): void {
  if (signal.type === 'presence') {
    live.outlet.moment({ type: 'presence', agentId: signal.agentId, availability: signal.availability })
  } else if (sees(live.principal, signal)) passPlaced(live, signal, viewers)
}

function passPlaced(live: LiveSocket, signal: Exclude<Signal, { type: 'presence' }>, viewers: Viewers): void {
  const conversation = signal.conversationId
  if (signal.type === 'typing') {
    const { typing, by } = signal
    const own = by.type === 'agent' && by.id === live.principal.agentId
    if (!own) live.outlet.moment({ type: 'typing', conversation, typing, by })
  } else if (live.viewing?.conversationId === conversation) {
    live.outlet.moment({ type: 'viewers', conversation, agents: viewers.of(conversation, live.principal.agentId) })
  }
}
