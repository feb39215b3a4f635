import type { SessionInfo } from '@discordjs/ws'
import { type BatchQueue, batchQueue } from '../../src/channel/batch-queue.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { failureOf, fatalClose } from './errors.ts'
import type { Link } from './link.ts'

/** By shard: where each is resumed. */
export type Sessions = Readonly<Record<string, SessionInfo>>

export interface Dispatch {
  readonly shard: string
  /** Of the session that told it. */
  readonly session?: string | undefined
  readonly s: number
  readonly t: string
  readonly d: unknown
  /** In place of anything told: a session that knows nothing of what was before it. */
  readonly begins?: SessionInfo
}
export interface Gateway {
  /** What came since, in order; something that begins comes alone. Rejects when it is over. */
  next(): Promise<readonly Dispatch[]>
  /** Heartbeats and RESUME name what is kept, nothing later. */
  keep(sessions: Sessions): void
  close(): void
}
interface Wish {
  readonly intents: number
  readonly sessions: Sessions
  readonly signal: AbortSignal
  alive(): void
  /** Sees each dispatch as it comes: what must be answered within seconds. */
  arrived(dispatch: Dispatch): void
}

/** More in a row are no hiccup: the supervisor waits longer and longer, the library does not. */
const mostCloses = 3
/** Any code but 1000 and 1001 leaves the session to be resumed. */
const resumably = { code: 4200 }
const unavailable = (sentence: string) => new ChannelError({ kind: 'unavailable' }, sentence)

export async function openGateway(link: Link, wish: Wish): Promise<Gateway> {
  const { WebSocketManager } = await import('@discordjs/ws')
  const full = () => unavailable('Discord tells faster than it can be stored.')
  const alone = ({ begins }: Dispatch) => begins !== undefined
  const queue = batchQueue<Dispatch>({ batch: 100, most: 5_000, alone, full })
  const sessions = createSessions(wish.sessions, queue)
  let [greeted, closes] = [false, 0]
  const { token, gatewayUrl } = link.settings
  const { updateSessionInfo } = sessions
  const retrieveSessionInfo = async (shard: number) => {
    const info = await sessions.retrieveSessionInfo(shard)
    return info && gatewayUrl !== undefined ? { ...info, resumeURL: gatewayUrl } : info
  }
  const hooks = { retrieveSessionInfo, updateSessionInfo, handshakeTimeout: 15_000, helloTimeout: 15_000 }
  const manager = new WebSocketManager({ token, intents: wish.intents, rest: link.api.rest, ...hooks })
  const { fetchGatewayInformation: told } = manager
  if (gatewayUrl !== undefined)
    manager.fetchGatewayInformation = async (force) => ({ ...(await told.call(manager, force)), url: gatewayUrl })
  const well = () => {
    closes = 0
    wish.alive()
  }
  manager.on('hello', () => (greeted = true))
  for (const sign of ['ready', 'resumed', 'heartbeat'] as const) manager.on(sign, well)
  manager.on('error', ({ error }) => queue.fail(failureOf(error, true)))
  manager.on('closed', ({ code }) => {
    greeted = false
    closes += 1
    const fatal = fatalClose(code)
    if (fatal || closes >= mostCloses) queue.fail(fatal ?? unavailable('The gateway of Discord cannot be reached.'))
  })
  manager.on('dispatch', ({ shardId, data: { s, t, d } }) => {
    const dispatch = sessions.first({ shard: String(shardId), s, t, d })
    if (dispatch) wish.arrived(dispatch)
    if (dispatch) queue.push(dispatch)
  })
  const end = () => void Promise.resolve(manager.destroy(resumably)).catch(() => {})
  const close = () => {
    if (queue.ended) return
    queue.end()
    // Ended while it is still connecting, the library would leave the socket open.
    if (greeted) end()
    else manager.once('hello', end)
  }
  wish.signal.addEventListener('abort', close, { once: true })
  manager.connect().catch((error: unknown) => queue.fail(failureOf(error, true)))
  return { next: queue.next, keep: sessions.keep, close }
}

/** The library's memory of sessions, which is what it acknowledges: ours moves on only with what is committed. */
function createSessions(stored: Sessions, queue: BatchQueue<Dispatch>) {
  const live = new Map(Object.entries(stored))
  const kept = new Map(live)
  const last = new Map([...live].map(([shard, { sequence }]) => [shard, sequence]))
  return {
    // A connection that is over must not come back: the library reconnects even when it is ended while connecting.
    retrieveSessionInfo: (shard: number) =>
      queue.ended ? new Promise<null>(() => {}) : (kept.get(String(shard)) ?? null),
    updateSessionInfo: (id: number, info: SessionInfo | null) => {
      const shard = String(id)
      if (info && info.sessionId === live.get(shard)?.sessionId) return
      kept.delete(shard)
      live.delete(shard)
      if (info === null) return
      live.set(shard, info)
      last.set(shard, info.sequence)
      queue.push({ shard, s: info.sequence, t: '', d: null, begins: info })
    },
    /** null: it waits already, and was told again because it is not committed. */
    first: (dispatch: Dispatch): Dispatch | null => {
      const { shard, s } = dispatch
      if (s <= (last.get(shard) ?? 0)) return null
      last.set(shard, s)
      return { ...dispatch, session: live.get(shard)?.sessionId }
    },
    keep: (sessions: Sessions) => {
      for (const [shard, info] of Object.entries(sessions))
        if (live.get(shard)?.sessionId === info.sessionId) kept.set(shard, info)
    },
  }
}
