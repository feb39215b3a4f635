import type { Logger } from 'pino'
import type { Database } from '../store/database.ts'
import type { Signal } from '../store/ephemeral.ts'
import { type FeedEntry, feedAfter, feedHead } from '../store/feed.ts'
import { wakeful } from '../store/wakeful.ts'

const PAGE = 500
const FLOOR_MS = 1_000

/** Callbacks run in the hub's own turn: they must neither throw nor wait. */
export interface Subscriber {
  sees(row: FeedEntry): boolean
  /** In the order of the feed, each row once, from the position the hub had at `subscribe`. */
  onRows(rows: readonly FeedEntry[]): void
  onSignal?(signal: Signal): void
  /** `session:<id>`, `agent:<id>`, `token:<id>`: what these may do has changed. `*`: look again, something was missed. */
  onSession?(whom: string): void
}

export interface Hub {
  /** The feed up to here has been told to the subscribers. */
  readonly position: string
  /** Resolves once the hub stands on a position of the feed. */
  readonly ready: Promise<void>
  /** From the current position on, without a gap. Returns what ends it. */
  subscribe(subscriber: Subscriber): () => void
  close(): Promise<void>
}

/** One for each process: follows the feed and tells everybody here. */
export function startHub(deps: { readonly db: Database; readonly log: Logger }): Hub {
  const { db, log } = deps
  const subscribers = new Set<Subscriber>()
  let position: string | undefined
  let failing = false
  let opened = () => {}
  const ready = new Promise<void>((resolve) => {
    opened = resolve
  })
  const tell = (call: (subscriber: Subscriber) => void) => {
    for (const subscriber of subscribers) {
      try {
        call(subscriber)
      } catch (error) {
        subscribers.delete(subscriber)
        log.error({ event: 'hub.subscriber', err: error }, 'A subscriber failed and was dropped.')
      }
    }
  }
  const follow = async () => {
    if (position === undefined) {
      position = await feedHead(db.pool)
      opened()
    }
    for (;;) {
      const rows = await feedAfter(db.pool, position, PAGE)
      const last = rows.at(-1)
      if (last === undefined) return
      position = last.position
      const shared = new Map<string, FeedEntry[]>()
      tell((subscriber) => handRows(subscriber, rows, shared))
      if (rows.length < PAGE) return
    }
  }
  const loop = wakeful(FLOOR_MS, async () => {
    try {
      await follow()
      failing = false
    } catch (error) {
      if (!failing) log.warn({ event: 'hub.failed', err: error }, 'The feed cannot be read.')
      failing = true
    }
  })
  const listener = db.notifications.listen(
    ['feed_position', 'ephemeral', 'session'],
    (channel, payload) => {
      if (channel === 'feed_position') loop.wake()
      else if (channel === 'session') tell((subscriber) => subscriber.onSession?.(payload))
      else signalFrom(payload, (signal) => tell((subscriber) => subscriber.onSignal?.(signal)))
    },
    () => {
      loop.wake()
      tell((subscriber) => subscriber.onSession?.('*'))
    },
  )
  return {
    get position() {
      return position ?? '0'
    },
    ready,
    subscribe(subscriber) {
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    async close() {
      listener.close()
      await loop.close()
      subscribers.clear()
    },
  }
}

/** Who sees the same rows gets the same array, so that what is made of it is made once. */
function handRows(subscriber: Subscriber, rows: readonly FeedEntry[], shared: Map<string, FeedEntry[]>): void {
  const mask = rows.map((row) => (subscriber.sees(row) ? '1' : '0')).join('')
  if (!mask.includes('1')) return
  const seen = shared.get(mask) ?? rows.filter((_row, i) => mask[i] === '1')
  shared.set(mask, seen)
  subscriber.onRows(seen)
}

function signalFrom(payload: string, use: (signal: Signal) => void): void {
  let signal: Signal
  try {
    signal = JSON.parse(payload) as Signal
  } catch {
    return
  }
  use(signal)
}
