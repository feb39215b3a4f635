import type { LoopChat, LoopFile, LoopHappening, LoopSend, LoopUpdate } from './wire.ts'

export interface LoopLimit {
  readonly max: number
  readonly windowMs: number
}

/** What the stand-in promises. Start the adapter with the same `idempotent`, `confirm` and `textMax`. */
export interface LoopSwitches {
  readonly token: string
  readonly webhookSecret: string
  /** A key seen before makes no second message. */
  readonly idempotent: boolean
  /** `/sent?key=` finds what was sent. */
  readonly confirm: boolean
  /** Our own messages come back as updates. */
  readonly echo: boolean
  readonly textMax: number
  readonly limits: { readonly thread?: LoopLimit; readonly inbox?: LoopLimit }
}

/** One message that the platform holds from us. */
export interface HeldMessage {
  readonly id: string
  readonly key?: string
  readonly chat: string
  readonly files: readonly { readonly name: string; readonly type: string; readonly bytes: number }[]
  readonly replyTo?: string
  readonly at: number
  text: string
  removed: boolean
  reactions: readonly string[]
}

export interface PlatformState {
  readonly switches: LoopSwitches
  /** Anything, so that a test can make the platform talk nonsense. */
  readonly updates: unknown[]
  readonly held: HeldMessage[]
  readonly files: Map<string, { readonly file: LoopFile; readonly bytes: Buffer }>
  readonly heldByKey: Map<string, HeldMessage>
  /** Refusals by rate limit, to tell whether retry-after was kept: `at` is when it was said. */
  readonly limited: {
    readonly at: number
    readonly chat: string
    readonly retryAfterMs: number
    readonly scope: string
  }[]
  /** Chats in which we were seen typing, call by call. */
  readonly typed: string[]
  acknowledged: number
  refusesCredentials: boolean
}

export function newState(switches: LoopSwitches): PlatformState {
  return {
    switches,
    updates: [],
    held: [],
    files: new Map(),
    heldByKey: new Map(),
    limited: [],
    typed: [],
    acknowledged: 0,
    refusesCredentials: false,
  }
}

export function happen(state: PlatformState, happening: LoopHappening, id?: string): LoopUpdate {
  const update = { ...happening, id: id ?? `u${state.updates.length + 1}`, at: Date.now() } as LoopUpdate
  state.updates.push(update)
  return update
}

export function keepFile(state: PlatformState, name: string, type: string, bytes: Buffer): LoopFile {
  const file: LoopFile = { id: `f${state.files.size + 1}`, name, type, size: bytes.length }
  state.files.set(file.id, { file, bytes })
  return file
}

/** The effect of a send. Must run at most once a request. */
export function hold(state: PlatformState, send: LoopSend): HeldMessage {
  const known = send.key === undefined ? undefined : state.heldByKey.get(send.key)
  if (known && state.switches.idempotent) return known
  const message: HeldMessage = {
    id: `m${state.held.length + 1}-${send.chat}`,
    chat: send.chat,
    text: send.text,
    at: Date.now(),
    removed: false,
    reactions: [],
    files: (send.files ?? []).map(({ name, type, base64 }) => ({
      name,
      type,
      bytes: Buffer.byteLength(base64, 'base64'),
    })),
    ...(send.key === undefined ? {} : { key: send.key }),
    ...(send.replyTo === undefined ? {} : { replyTo: send.replyTo }),
  }
  state.held.push(message)
  if (send.key !== undefined && !known) state.heldByKey.set(send.key, message)
  if (state.switches.echo) echo(state, message)
  return message
}

function echo(state: PlatformState, message: HeldMessage): void {
  const chat: LoopChat = { id: message.chat }
  const key = message.key === undefined ? {} : { key: message.key }
  happen(state, { type: 'echo', chat, message: message.id, text: message.text, ...key })
}

/** null: there is room; else how long to wait and where. */
export function overLimit(
  state: PlatformState,
  chat: string,
): { retryAfterMs: number; scope: 'thread' | 'inbox' } | null {
  const { thread, inbox } = state.switches.limits
  const now = Date.now()
  const wait = (limit: LoopLimit | undefined, mine: (message: HeldMessage) => boolean) => {
    if (!limit) return 0
    const recent: number[] = []
    for (let index = state.held.length - 1; index >= 0 && recent.length < limit.max; index -= 1) {
      const message = state.held[index]
      if (!message || message.at <= now - limit.windowMs) break
      if (mine(message)) recent.push(message.at)
    }
    return recent.length < limit.max ? 0 : Math.max(1, (recent.at(-1) ?? now) + limit.windowMs - now)
  }
  const inboxMs = wait(inbox, () => true)
  const threadMs = wait(thread, (message) => message.chat === chat)
  const retryAfterMs = inboxMs || threadMs
  if (retryAfterMs === 0) return null
  const scope = inboxMs > 0 ? 'inbox' : 'thread'
  state.limited.push({ at: now, chat, retryAfterMs, scope })
  return { retryAfterMs, scope }
}
