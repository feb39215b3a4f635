import pg from 'pg'
import { clientConfig, type DatabaseTarget } from './database.ts'

export interface Listener {
  close(): Promise<void>
}

const firstDelayMs = 50
const longestDelayMs = 2_000

/**
 * LISTEN on a connection of its own, for as long as the process lives. Notifications sent while the connection was away are lost,
 * so `onReconnect` runs after every connect, the first included: it must look at the tables whatever it last heard.
 * Neither callback may throw.
 */
export function listen(
  target: DatabaseTarget,
  channels: readonly string[],
  onNotify: (channel: string, payload: string) => void,
  onReconnect: () => void,
): Listener {
  const state: State = { closed: false, client: undefined, wake: undefined }
  const attempt = async (): Promise<void> => {
    const client = new pg.Client(clientConfig(target))
    // Before connect(): a lost connection without a listener ends the process.
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
    })
    state.client = client
    try {
      await client.connect()
      client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''))
      await client.query(channels.map((channel) => `listen ${client.escapeIdentifier(channel)}`).join('; '))
      if (!state.closed) onReconnect()
      await lost
    } finally {
      client.end().catch(() => {})
    }
  }
  const running = keepTrying(state, attempt)
  return {
    async close() {
      state.closed = true
      state.wake?.()
      await state.client?.end().catch(() => {})
      await running
    },
  }
}

interface State {
  closed: boolean
  client: pg.Client | undefined
  wake: (() => void) | undefined
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
