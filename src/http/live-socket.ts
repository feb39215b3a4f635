import { randomUUID } from 'node:crypto'
import type { RawData, WebSocket } from 'ws'
import { may, type Principal } from '../domain/principal.ts'
import { sees } from '../domain/visibility.ts'
import type { Outlet } from '../realtime/outlet.ts'
import type { Viewers } from '../realtime/viewers.ts'
import type { Database } from '../store/database.ts'
import { type Person, type Place, placeFor, type Signal, sendSignal, type Viewing } from '../store/ephemeral.ts'
import type { FeedEntry } from '../store/feed.ts'
import { noteActive } from '../store/presence.ts'
import { type ClientFrame, clientFrame } from '../wire/live.ts'
import type { HttpDeps } from './deps.ts'
import { PLATFORM_TYPING_MS, typeAtPlatform } from './platform-typing.ts'

/** Frames a socket may send in ten seconds; a person typing sends far fewer. */
const MAX_FRAMES = 200
/** The same word about typing is not passed on more often than this, ms. */
const TYPING_MS = 1_500
/** Signs of life that come sooner than this after the last one say nothing new, ms. */
const HERE_MS = 5_000

export interface LiveSocket {
  readonly id: string
  readonly socket: WebSocket
  readonly outlet: Outlet
  principal: Principal
  person: Person | null
  viewing: Place | null
  readonly frames: { since: number; n: number }
  /** Words said about what this socket looks at. */
  said: number
  typing: { key: string; at: number }
  platformTyping: { conversationId: string; at: number }
  hereAt: number
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
    said: 0,
    typing: { key: '', at: 0 },
    platformTyping: { conversationId: '', at: 0 },
    hereAt: Number.NEGATIVE_INFINITY,
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
export async function takeFrame(
  deps: Pick<HttpDeps, 'db' | 'connections'>,
  live: LiveSocket,
  frame: ClientFrame,
): Promise<void> {
  const { db } = deps
  if (frame.type === 'ping') return live.outlet.moment({ type: 'pong' })
  // Tokens of the installation have no face to show, and readers change nothing.
  if (live.person === null || !may(live.principal, 'write')) return
  if (frame.type === 'here') return passActive(db, live, live.person.id, frame.idleMs)
  if (frame.type === 'typing') return passTyping(deps, live, frame)
  await leaveView(db, live)
  const { conversation } = frame
  live.viewing = conversation === null ? null : await placeFor(db.pool, conversation, live.principal)
  await announceView(db, live)
}

async function passActive(...[db, live, agentId, idleMs]: [Database, LiveSocket, string, number]): Promise<void> {
  const now = performance.now()
  if (now - live.hereAt < HERE_MS) return
  live.hereAt = now
  const availability = await noteActive(db.pool, agentId, idleMs)
  if (availability !== null) await sendSignal(db.pool, { type: 'presence', agentId, availability })
}

async function passTyping(
  deps: Pick<HttpDeps, 'db' | 'connections'>,
  live: LiveSocket,
  frame: ClientFrame & { type: 'typing' },
): Promise<void> {
  const { db } = deps
  const key = `${frame.conversation}:${frame.typing}:${frame.note === true}`
  const now = performance.now()
  if (live.typing.key === key && now - live.typing.at < TYPING_MS) return
  live.typing = { key, at: now }
  const place = await placeFor(db.pool, frame.conversation, live.principal)
  if (place === null || live.person === null) return
  const { typing, note } = frame
  const by = { type: 'agent', ...live.person } as const
  await sendSignal(db.pool, { type: 'typing', typing, ...(note === true && { note }), by, ...place })
  const { conversationId } = place
  const told = live.platformTyping
  if (!typing || note || (told.conversationId === conversationId && now - told.at < PLATFORM_TYPING_MS)) return
  live.platformTyping = { conversationId, at: now }
  // Not waited for: a slow platform must not hold up what this agent says to colleagues.
  void typeAtPlatform(deps, conversationId)
}

export async function leaveView(db: Database, live: LiveSocket): Promise<void> {
  const signal = viewOf(live, false)
  // Before anything is waited for: what is said again meanwhile must not say that it is still open.
  live.viewing = null
  if (signal !== null) await sendSignal(db.pool, signal)
}

async function announceView(db: Database, live: LiveSocket): Promise<void> {
  const signal = viewOf(live, true)
  if (signal !== null) await sendSignal(db.pool, signal)
}

/** A word about what this socket looks at, newer than all before it. */
export function viewOf(live: LiveSocket, on: boolean): (Place & Viewing) | null {
  const { id, person, viewing } = live
  if (viewing === null || person === null) return null
  return { type: 'viewing', socket: id, n: ++live.said, on, agent: person, ...viewing }
}

/** What one socket hears of a signal. */
export function passSignal(live: LiveSocket, signal: Signal, viewers: Viewers): void {
  if (signal.type === 'presence') {
    live.outlet.moment({ type: 'presence', agentId: signal.agentId, availability: signal.availability })
  } else if (signal.type === 'typing') passTypist(live, signal)
  else if (signal.type === 'viewing' && sees(live.principal, signal)) {
    tellViewers(live, signal.conversationId, viewers)
  }
}

function passTypist(live: LiveSocket, signal: Signal & { type: 'typing' }): void {
  const { typing, note, by, conversationId: conversation } = signal
  const own = by.type === 'agent' && by.id === live.principal.agentId
  if (own || !sees(live.principal, signal)) return
  live.outlet.moment({ type: 'typing', conversation, typing, ...(note === true && { note }), by })
}

/** Only to a page that has this conversation on the screen. */
export function tellViewers(live: LiveSocket, conversation: string, viewers: Viewers): void {
  if (live.viewing?.conversationId !== conversation) return
  live.outlet.moment({ type: 'viewers', conversation, agents: viewers.of(conversation, live.principal.agentId) })
}
