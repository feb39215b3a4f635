import type { WebSocket } from 'ws'
import type { Hub } from '../realtime/hub.ts'
import type { Queryable } from '../store/database.ts'
import type { FeedEntry } from '../store/feed.ts'
import { withoutNotes } from '../store/visitor-messages.ts'
import type { VisitorServerFrame } from '../wire/visitor.ts'

/** Bytes waiting for one socket; its frames are tiny, so beyond this it does not read. */
const MAX_WAITING = 32 * 1024

export interface VisitorSocket {
  readonly socket: WebSocket
  readonly visitorId: string
  readonly ip: string
  /** Empty before the visitor's first message. */
  threads: readonly string[]
}

export interface VisitorSockets {
  add(one: VisitorSocket): void
  /** The visitor's threads, now that they may have come to be. */
  settle(visitorId: string, threads: readonly string[]): void
  countFor(key: { readonly visitorId: string; readonly ip: string }): { readonly visitor: number; readonly ip: number }
  close(): void
}

/** Tells pages that something of theirs changed. Only that: what it is they fetch, as far as they may see it. */
export function createVisitorSockets(deps: { readonly hub: Hub; readonly q: Queryable }): VisitorSockets {
  const sockets = new Set<VisitorSocket>()
  const byThread = (threadId: string) => [...sockets].filter((one) => one.threads.includes(threadId))

  async function hint(rows: readonly FeedEntry[]): Promise<void> {
    const concerned = rows.filter((row) => row.threadId !== null && byThread(row.threadId).length > 0)
    if (concerned.length === 0) return
    // That a note was written is none of the customer's business, not even as a hint without words.
    const spoken = await withoutNotes(
      deps.q,
      concerned.flatMap((row) => row.messageId ?? []),
    )
    const changedOf = new Map<string, boolean>()
    for (const { threadId, messageId, kind } of concerned) {
      if (threadId === null || messageId === null || !spoken.has(messageId)) continue
      changedOf.set(threadId, changedOf.get(threadId) === true || kind === 'message.updated')
    }
    for (const [threadId, changed] of changedOf) {
      for (const { socket } of byThread(threadId)) sendFrame(socket, { type: 'hint', changed })
    }
  }

  let queue = Promise.resolve()
  const unsubscribe = deps.hub.subscribe({
    sees: (row) => sockets.size > 0 && (row.kind === 'message.created' || row.kind === 'message.updated'),
    onRows(rows) {
      // A hint lost with the database is made good by the page's own look every few seconds.
      queue = queue.then(() => hint(rows)).catch(() => {})
    },
    onSignal(signal) {
      if (signal.type !== 'typing' || signal.by.type !== 'agent') return
      for (const { socket } of byThread(signal.threadId)) sendFrame(socket, { type: 'typing', typing: signal.typing })
    },
  })

  return {
    add(one) {
      sockets.add(one)
      one.socket.once('close', () => sockets.delete(one))
    },
    settle(visitorId, threads) {
      for (const one of sockets) if (one.visitorId === visitorId) one.threads = threads
    },
    countFor({ visitorId, ip }) {
      const all = [...sockets]
      return {
        visitor: all.filter((one) => one.visitorId === visitorId).length,
        ip: all.filter((one) => one.ip === ip).length,
      }
    },
    close() {
      unsubscribe()
      for (const { socket } of sockets) socket.terminate()
    },
  }
}

export function sendFrame(socket: WebSocket, frame: VisitorServerFrame): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > MAX_WAITING) socket.terminate()
  else socket.send(JSON.stringify(frame))
}
