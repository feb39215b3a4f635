import type { ClientFrame, ServerFrame } from '../../../src/wire/live.ts'
import { createStore, type Store } from './store.ts'

export type LiveState = 'connecting' | 'open' | 'lost'

export interface Live {
  readonly state: Store<LiveState>
  send(frame: ClientFrame): void
  stop(): void
}

export interface LiveOptions {
  url: (since: string | null) => string
  onFrame: (frame: ServerFrame) => void
  /** What this page holds may be old: fetch all of it afresh. */
  onStale: () => void
  onSignedOut: () => void
}

const silence = 40_000
const tick = 5_000

/**
 * The socket is a hint, never the truth. After a gap of any kind (server restart, lost network, a laptop that slept) it says where
 * it stopped; what the server cannot replay is fetched afresh.
 */
export function createLive(options: LiveOptions): Live {
  const state = createStore<LiveState>('connecting')
  let socket: WebSocket | null = null
  let position: string | null = null
  let failures = 0
  let heardAt = Date.now()
  let tickedAt = Date.now()
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function open(): void {
    clearTimeout(timer)
    if (stopped) return
    const mine = new WebSocket(options.url(position))
    socket = mine
    heardAt = Date.now()
    mine.onmessage = (event) => {
      if (socket !== mine) return
      heardAt = Date.now()
      receive(JSON.parse(String(event.data)) as ServerFrame)
    }
    mine.onclose = () => {
      if (socket === mine) lost()
    }
  }

  function receive(frame: ServerFrame): void {
    if (frame.type === 'ready') {
      failures = 0
      state.set('open')
      if (frame.resync || position === null) options.onStale()
      position = frame.position
    } else if (frame.type === 'resync') {
      position = frame.position
      options.onStale()
    } else if (frame.type === 'error') {
      if (frame.code === 'signedOut') {
        stopped = true
        options.onSignedOut()
      }
    } else if (frame.type === 'hint') {
      position = frame.position
    }
    options.onFrame(frame)
  }

  function lost(): void {
    socket = null
    if (stopped) return
    state.set('lost')
    failures += 1
    const wait = Math.min(15_000, 400 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random())
    timer = setTimeout(open, failures === 1 ? 150 : wait)
  }

  function reopen(): void {
    const old = socket
    socket = null
    old?.close()
    open()
  }

  function wake(): void {
    if (stopped || document.visibilityState === 'hidden') return
    if (!socket || Date.now() - heardAt > silence) reopen()
    else send({ type: 'ping' })
  }

  function send(frame: ClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }

  // A tick that comes much too late means the machine slept: the old socket may look open and be dead.
  const heartbeat = setInterval(() => {
    const now = Date.now()
    const slept = now - tickedAt > 3 * tick
    tickedAt = now
    if (stopped || !socket) return
    if (slept || now - heardAt > silence) reopen()
    else if (now - heardAt > silence / 2) send({ type: 'ping' })
  }, tick)

  window.addEventListener('online', reopen)
  document.addEventListener('visibilitychange', wake)
  open()

  return {
    state,
    send,
    stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(heartbeat)
      window.removeEventListener('online', reopen)
      document.removeEventListener('visibilitychange', wake)
      socket?.close()
      socket = null
    },
  }
}
