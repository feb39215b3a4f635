import type pg from 'pg'

export interface Listener {
  close(): void
}

/** What `notify` says, to whoever in this process wants to hear it. Neither callback may throw. */
export interface Notifications {
  /**
   * Notifications sent while the connection was away are lost, so `onConnect` runs after every connect, the first
   * included: it must look at the tables whatever it last heard.
   */
  listen(
    channels: readonly NotifyChannel[],
    onNotify: (channel: NotifyChannel, payload: string) => void,
    onConnect: () => void,
  ): Listener
  close(): Promise<void>
}

const notifyChannels = ['feed', 'feed_position', 'job', 'queue', 'delivery', 'inbox', 'session', 'ephemeral'] as const
export type NotifyChannel = (typeof notifyChannels)[number]

const firstDelayMs = 50
const longestDelayMs = 2_000

interface Subscription {
  readonly channels: readonly string[]
  readonly onNotify: (channel: NotifyChannel, payload: string) => void
  readonly onConnect: () => void
}

interface State {
  readonly subscriptions: Set<Subscription>
  closed: boolean
  /** It hears now. */
  connected: boolean
  client: pg.Client | undefined
  wake: (() => void) | undefined
}

/**
 * One connection for all of a process, from the first `listen` on: PostgreSQL wakes every listening backend at every
 * notifying commit, whatever it listens to.
 */
export function createNotifications(newClient: () => pg.Client): Notifications {
  const state: State = { subscriptions: new Set(), closed: false, connected: false, client: undefined, wake: undefined }
  let running: Promise<void> | undefined
  return {
    listen(channels, onNotify, onConnect) {
      const subscription: Subscription = { channels, onNotify, onConnect }
      state.subscriptions.add(subscription)
      running ??= keepTrying(state, () => connectOnce(state, newClient()))
      if (state.connected) queueMicrotask(() => state.subscriptions.has(subscription) && onConnect())
      return { close: () => void state.subscriptions.delete(subscription) }
    },
    async close() {
      state.closed = true
      state.wake?.()
      await state.client?.end().catch(() => {})
      await running
    },
  }
}

async function connectOnce(state: State, client: pg.Client): Promise<void> {
  // Before connect(): a lost connection without a listener ends the process.
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  state.client = client
  try {
    // A client that is ended while it connects says so by its event alone: connect() then never settles.
    await Promise.race([client.connect(), lost])
    client.on('notification', ({ channel, payload }) => {
      for (const { channels, onNotify } of state.subscriptions) {
        if (channels.includes(channel)) onNotify(channel as NotifyChannel, payload ?? '')
      }
    })
    await client.query(notifyChannels.map((channel) => `listen ${channel}`).join('; '))
    if (state.closed) return
    state.connected = true
    for (const { onConnect } of state.subscriptions) onConnect()
    await lost
  } finally {
    state.connected = false
    client.end().catch(() => {})
  }
}

async function keepTrying(state: State, attempt: () => Promise<void>): Promise<void> {
  let delayMs = firstDelayMs
  while (!state.closed) {
    const started = performance.now()
    await attempt().catch(() => {})
    if (state.closed) return
    delayMs = performance.now() - started > longestDelayMs ? firstDelayMs : Math.min(delayMs * 2, longestDelayMs)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs * (0.5 + Math.random() / 2))
      state.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
