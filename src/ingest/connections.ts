import type { ChannelAdapter, Connections, DescribedInbox, OpenInbox } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { backOffMs } from './back-off.ts'
import type { EnvContext } from './channel-env.ts'
import { createDoors } from './doors.ts'
import { describeInbox, openInbox, readInbox, type StoredInbox } from './open-inbox.ts'

export interface ConnectionsContext extends EnvContext {
  readonly channels: readonly ChannelAdapter[]
}

export interface InboxConnections extends Connections {
  /** Like get, but never on settings older than those in the database now. */
  fresh(inboxId: string): Promise<OpenInbox>
  /** Somebody receives on it: not idle, however long nobody asks for it, until the answered function is called. */
  hold(open: OpenInbox): () => void
  /** For a connection that shows no sign of life: whoever asks next gets a new one. */
  discard(open: OpenInbox): void
  /** Called with the id of an inbox whose row changed; null: any may have changed. Answers how to stop listening. */
  onChange(hear: (inboxId: string | null) => void): () => void
  close(): Promise<void>
}

interface Entry {
  readonly version: number
  readonly opening: Promise<OpenInbox>
  /** Once it is. */
  open?: OpenInbox
  /** Both on performance.now(), ms. */
  checkedUntil: number
  usedAt: number
}
interface Failure {
  readonly version: number
  readonly error: unknown
  readonly count: number
  readonly until: number
}

// Notifications tell of changes at once; this is for those that were lost with their connection.
const checkEveryMs = 1_000

/** Milliseconds. */
export interface Limits {
  readonly idleMs: number
  /** A replaced connection may still be sending: longer than any send may take. */
  readonly graceMs: number
}

const usual: Limits = { idleMs: 10 * 60_000, graceMs: 16 * 60_000 }
const retry = { firstMs: 250, longestMs: 10_000 }

interface State {
  readonly ctx: ConnectionsContext
  readonly limits: Limits
  readonly entries: Map<string, Entry>
  readonly failures: Map<string, Failure>
  readonly leaving: Map<OpenInbox, NodeJS.Timeout>
  readonly held: Set<OpenInbox>
  closed: boolean
}

/** Opens what is asked for, once; reopens it when its settings changed; closes what nobody uses. Starts no receiving. */
export function createConnections(ctx: ConnectionsContext, limits: Limits = usual): InboxConnections {
  const state: State = {
    ctx: { doors: createDoors(), ...ctx },
    limits,
    entries: new Map(),
    failures: new Map(),
    leaving: new Map(),
    held: new Set(),
    closed: false,
  }
  const hearers = new Set<(inboxId: string | null) => void>()
  const changed = (inboxId: string | null) => {
    for (const [id, entry] of state.entries) if (inboxId === null || id === inboxId) entry.checkedUntil = 0
    for (const hear of hearers) hear(inboxId)
  }
  const onNotify = (_channel: string, payload: string) => changed(payload === '' ? null : payload)
  const listener = ctx.db.notifications.listen(['inbox'], onNotify, () => changed(null))
  const sweep = setInterval(() => closeIdle(state), limits.idleMs / 10).unref()
  return {
    get: (inboxId) => get(state, inboxId),
    fresh: (inboxId) => {
      const entry = state.entries.get(inboxId)
      if (entry) entry.checkedUntil = 0
      return get(state, inboxId)
    },
    hold: (open) => hold(state, open),
    describe: (inboxId) => describe(state, inboxId),
    discard: (open) => discard(state, open),
    onChange: (hear) => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    close: async () => {
      state.closed = true
      clearInterval(sweep)
      listener.close()
      await closeAll(state)
    },
  }
}

async function get(state: State, inboxId: string): Promise<OpenInbox> {
  if (state.closed) throw new ChannelError({ kind: 'unavailable' }, 'This server process is stopping.')
  const entry = state.entries.get(inboxId)
  const now = performance.now()
  if (entry && now < entry.checkedUntil) {
    entry.usedAt = now
    return entry.opening
  }
  const stored = await readInbox(state.ctx, inboxId).catch((error: unknown) => {
    // Settings that cannot be read any more end their connection; a database that is away for a moment does not.
    if (error instanceof ChannelError) retire(state, inboxId)
    else if (entry) return null
    else throw new ChannelError({ kind: 'unavailable' }, 'The inbox cannot be read just now.', { cause: error })
    throw error
  })
  if (stored === null) return (entry as Entry).opening
  return ensureOpen(state, stored)
}

/** Runs without a pause between look and put: two callers must share one connection. */
function ensureOpen(state: State, stored: StoredInbox): Promise<OpenInbox> {
  const { id, settingsVersion } = stored.inbox
  const now = performance.now()
  const entry = state.entries.get(id)
  if (entry && entry.version >= settingsVersion) {
    entry.checkedUntil = now + checkEveryMs
    entry.usedAt = now
    return entry.opening
  }
  if (entry) retire(state, id)
  const failure = state.failures.get(id)
  if (failure?.version === settingsVersion && now < failure.until) return Promise.reject(failure.error)
  const opening = openInbox(state.ctx, stored)
  const opened: Entry = { version: settingsVersion, opening, checkedUntil: now + checkEveryMs, usedAt: now }
  state.entries.set(id, opened)
  opening.then(
    (open) => {
      opened.open = open
      opened.usedAt = performance.now()
      state.failures.delete(id)
      if (state.closed) void quietly(state, open)
    },
    (error: unknown) => {
      if (state.entries.get(id) === opened) state.entries.delete(id)
      remember(state, id, settingsVersion, error)
    },
  )
  return opening
}

/** Whoever asks during the back-off is told at once what the last try said: a dead platform is not asked by everybody. */
function remember(state: State, id: string, version: number, error: unknown): void {
  const before = state.failures.get(id)
  const count = before?.version === version ? before.count + 1 : 1
  const until = performance.now() + backOffMs(count, retry, Math.random())
  state.failures.set(id, { version, error, count, until })
}

async function describe(state: State, inboxId: string): Promise<DescribedInbox> {
  const entry = state.entries.get(inboxId)
  if (entry && performance.now() < entry.checkedUntil) {
    const open = await entry.opening.catch(() => null)
    if (open) return open
  }
  return describeInbox(await readInbox(state.ctx, inboxId, { forSending: false }))
}

function discard(state: State, open: OpenInbox): void {
  const entry = state.entries.get(open.inboxId)
  void entry?.opening.then(
    (current) => {
      if (current === open && state.entries.get(open.inboxId) === entry) state.entries.delete(open.inboxId)
    },
    () => {},
  )
  void quietly(state, open)
}

function retire(state: State, inboxId: string): void {
  const entry = state.entries.get(inboxId)
  if (!entry) return
  state.entries.delete(inboxId)
  entry.opening.then(
    (open) => {
      const timer = setTimeout(() => void quietly(state, open), state.limits.graceMs).unref()
      state.leaving.set(open, timer)
    },
    () => {},
  )
}

/** One for each connection: the loop that receives on it. */
function hold(state: State, open: OpenInbox): () => void {
  state.held.add(open)
  return () => {
    state.held.delete(open)
    const entry = state.entries.get(open.inboxId)
    if (entry?.open === open) entry.usedAt = performance.now()
  }
}

function closeIdle(state: State): void {
  const since = performance.now() - state.limits.idleMs
  for (const [id, entry] of state.entries) {
    const idle = entry.open !== undefined && !state.held.has(entry.open)
    if (idle && entry.usedAt < since) retire(state, id)
  }
}

async function closeAll(state: State): Promise<void> {
  const opening = [...state.entries.values()].map((entry) => entry.opening.catch(() => null))
  state.entries.clear()
  const open = [...(await Promise.all(opening)), ...state.leaving.keys()]
  await Promise.all(open.map((one) => one && quietly(state, one)))
}

async function quietly(state: State, open: OpenInbox): Promise<void> {
  clearTimeout(state.leaving.get(open))
  state.leaving.delete(open)
  await open.connection.close().catch((error: unknown) => {
    state.ctx.log.warn({ inbox: open.inboxId, error: String(error) }, 'a connection did not close cleanly')
  })
}
