import { sees } from '../domain/visibility.ts'
import { createViewers } from '../realtime/viewers.ts'
import { placesOf, type Signal, sendSignal, sendSignals } from '../store/ephemeral.ts'
import { takeGone } from '../store/presence.ts'
import type { HttpDeps } from './deps.ts'
import { type LiveSocket, passSignal, tellViewers, viewOf } from './live-socket.ts'

/** Well within what listeners wait before they forget, so that one lost word shows nobody as gone. */
const SAY_EVERY_MS = 10_000
/** After a lost connection every process asks at once; they are answered together. */
const ANSWER_MS = 100

export interface PresenceOptions {
  /** How often this process says again who looks at what. */
  readonly sayEveryMs?: number
  /** How long it believes what another process said. */
  readonly forgetMs?: number
}

export interface PresenceKeeper {
  close(): void
}

/**
 * Tells the pages of this process who is there, who looks and who types, and the other processes what is looked at here. Nothing
 * is remembered but what is said again and again: a process that dies is forgotten by the others within half a minute.
 */
export function keepPresence(
  deps: HttpDeps,
  sockets: ReadonlySet<LiveSocket>,
  { sayEveryMs = SAY_EVERY_MS, forgetMs }: PresenceOptions = {},
): PresenceKeeper {
  const viewers = createViewers(forgetMs)
  const { pool } = deps.db
  let answering: NodeJS.Timeout | undefined
  const say = () => void sayAgain(deps, sockets).catch(() => {})
  const answer = () => {
    answering ??= setTimeout(() => {
      answering = undefined
      say()
    }, ANSWER_MS).unref()
  }
  const ask = () => void sendSignal(pool, { type: 'who' }).catch(() => {})
  const unsubscribe = deps.hub.subscribe({
    sees: () => false,
    onRows: () => {},
    onSignal(signal: Signal) {
      if (signal.type === 'who') return answer()
      if (signal.type === 'viewing' && !viewers.saw(signal)) return
      for (const live of sockets) passSignal(live, signal, viewers)
    },
    onSession(whom) {
      // What was said while nobody listened here is said again.
      if (whom === '*') ask()
    },
  })
  // The hub may have been listening for a while.
  ask()
  const sweep = async () => {
    for (const conversationId of viewers.expire()) {
      for (const live of sockets) tellViewers(live, conversationId, viewers)
    }
    const gone = await takeGone(pool)
    await sendSignals(
      pool,
      gone.map((agentId) => ({ type: 'presence', agentId, availability: 'away' })),
    )
  }
  const timer = setInterval(() => {
    say()
    sweep().catch(() => {})
  }, sayEveryMs)
  timer.unref()
  return {
    close() {
      unsubscribe()
      clearInterval(timer)
      clearTimeout(answering)
    },
  }
}

/** Looked up again, since the conversation may have moved out of somebody's sight while it was open. */
async function sayAgain({ db }: HttpDeps, sockets: ReadonlySet<LiveSocket>): Promise<void> {
  const looking = [...sockets].flatMap(({ viewing }) => viewing?.conversationId ?? [])
  if (looking.length === 0) return
  const places = await placesOf(db.pool, [...new Set(looking)])
  const signals = [...sockets].flatMap((live) => {
    const place = live.viewing && places.get(live.viewing.conversationId)
    if (!place) return []
    live.viewing = place
    const hidden = !sees(live.principal, place)
    const signal = viewOf(live, !hidden)
    if (hidden) live.viewing = null
    return signal ?? []
  })
  await sendSignals(db.pool, signals)
}
