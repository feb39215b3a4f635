import type { WebSocket } from 'ws'

/** Asks every socket for a sign of life and cuts those that gave none since the last time. */
export interface Heartbeat {
  add(socket: WebSocket): void
  close(): void
}

export function startHeartbeat(everyMs = 25_000): Heartbeat {
  const waiting = new Map<WebSocket, boolean>()
  const timer = setInterval(() => {
    for (const [socket, answered] of waiting) {
      if (!answered) {
        socket.terminate()
        continue
      }
      waiting.set(socket, false)
      if (socket.readyState === socket.OPEN) socket.ping()
    }
  }, everyMs)
  timer.unref()
  return {
    add(socket) {
      waiting.set(socket, true)
      const alive = () => waiting.has(socket) && waiting.set(socket, true)
      socket.on('pong', alive)
      socket.on('message', alive)
      socket.once('close', () => waiting.delete(socket))
    },
    close: () => clearInterval(timer),
  }
}
