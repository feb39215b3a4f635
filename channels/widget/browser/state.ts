import type { Availability, EmailState, Form, Message, Place, QueuedMessage, Settings } from './types.ts'

/** Everything the screen shows. Replaced, never changed in place. */
export interface State {
  readonly open: boolean
  readonly online: boolean
  readonly settings: Settings | null
  readonly messages: readonly Message[]
  readonly queued: readonly QueuedMessage[]
  readonly progress: Readonly<Record<string, number>>
  readonly seenUpTo: string | null
  readonly supportTyping: boolean
  readonly hasOlder: boolean
  /** null: not asked yet, or nobody who wrote. */
  readonly email: EmailState | null
  /** null: nothing is known. */
  readonly place: Place | null
  readonly availability: Availability | null
  /** null: not asked yet. */
  readonly forms: readonly Form[] | null
}

export interface Store {
  get(): State
  set(change: Partial<State>): void
  subscribe(listener: (state: State) => void): void
}

export function createStore(): Store {
  let state: State = {
    open: false,
    online: navigator.onLine !== false,
    settings: null,
    messages: [],
    queued: [],
    progress: {},
    seenUpTo: null,
    supportTyping: false,
    hasOlder: false,
    email: null,
    place: null,
    availability: null,
    forms: null,
  }
  const listeners: ((state: State) => void)[] = []
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change }
      for (const listener of listeners) listener(state)
    },
    subscribe: (listener) => void listeners.push(listener),
  }
}

/** Ids are decimal and grow: longer is later. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** By id, so that what comes twice stands once; the newer answer wins. */
export function merged(known: readonly Message[], fresh: readonly Message[]): readonly Message[] {
  if (fresh.length === 0) return known
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of fresh) byId.set(message.id, message)
  return [...byId.values()].sort((a, b) => compareIds(a.id, b.id))
}

/** What the server already has is no longer waiting, whoever sent it. */
export function stillQueued(queued: readonly QueuedMessage[], messages: readonly Message[]): readonly QueuedMessage[] {
  const known = new Set(messages.flatMap((message) => message.clientId ?? []))
  return queued.filter((message) => !known.has(message.clientId))
}

export function unreadCount(state: State, readUpTo: string | null): number {
  return state.messages.filter(
    (message) =>
      message.from === 'support' &&
      !message.read &&
      !message.deleted &&
      (!readUpTo || compareIds(message.id, readUpTo) > 0),
  ).length
}
