export interface LiveEvents {
  /** Fetch what is new; `changed`: something already shown is no longer as it was. */
  onHint(changed: boolean): void
  onTyping(typing: boolean): void
}

export interface Live {
  /** Connects now if it is not connected. */
  wake(): void
  readonly connected: boolean
  typing(typing: boolean): void
  acknowledge(upTo: string): void
  /** Connects anew, as whoever the visitor is now. */
  restart(): void
  close(): void
}

type ServerFrame =
  | { type: 'hint'; changed: boolean }
  | { type: 'typing'; typing: boolean }
  | { type: 'ready' }
  | { type: 'pong' }

const heartbeat = 25_000

/** A socket that only ever says "look": whatever it loses, the next fetch brings. */
export function startLive(url: () => string | undefined, events: LiveEvents): Live {
  let socket: WebSocket | undefined
  let failures = 0
  let missed = 0
  let closed = false
  let retry: ReturnType<typeof setTimeout> | undefined

  function connect(): void {
    clearTimeout(retry)
    const address = url()
    if (closed || socket || !address || navigator.onLine === false) return
    const mine = new WebSocket(address)
    socket = mine
    mine.onopen = () => {
      missed = 0
      events.onHint(true)
    }
    mine.onmessage = (event) => {
      missed = 0
      failures = 0
      const frame = JSON.parse(String(event.data)) as ServerFrame
      if (frame.type === 'hint') events.onHint(frame.changed)
      else if (frame.type === 'typing') events.onTyping(frame.typing)
    }
    mine.onclose = () => lost(mine)
  }

  function lost(which: WebSocket): void {
    if (which !== socket) return
    socket = undefined
    failures += 1
    events.onTyping(false)
    if (!closed) retry = setTimeout(connect, Math.min(30_000, 1000 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2))
  }

  function drop(): void {
    const old = socket
    if (!old) return
    old.onclose = null
    old.onmessage = null
    old.close()
    lost(old)
  }

  const beat = setInterval(() => {
    if (missed >= 2) drop()
    if (socket?.readyState !== WebSocket.OPEN) return
    missed += 1
    socket.send('{"type":"ping"}')
  }, heartbeat)

  const say = (frame: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  return {
    wake() {
      failures = 0
      connect()
    },
    get connected() {
      return socket?.readyState === WebSocket.OPEN
    },
    typing: (typing) => say({ type: 'typing', typing }),
    acknowledge: (upTo) => say({ type: 'ack', upTo }),
    restart() {
      drop()
      failures = 0
      connect()
    },
    close() {
      closed = true
      clearInterval(beat)
      clearTimeout(retry)
      drop()
    },
  }
}
