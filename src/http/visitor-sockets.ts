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
}

export interface VisitorSockets {
  add(one: VisitorSocket): void
  /** The visitor's threads, now that they are known; none before the first message. */
  settle(visitorId: string, threads: readonly string[]): void
  knowsThreads(visitorId: string): boolean
  countFor(key: { readonly visitorId: string; readonly ip: string }): { readonly visitor: number; readonly ip: number }
  close(): void
}

/** Tells pages that something of theirs changed. Only that: what it is they fetch, as far as they may see it. */
export function createVisitorSockets(deps: { readonly hub: Hub; readonly q: Queryable }): VisitorSockets {
  const byVisitor = new Map<string, Set<VisitorSocket>>()
  const byIp = new Map<string, Set<VisitorSocket>>()
  const threadsOf = new Map<string, readonly string[]>()
  // A signed-in person's thread is shared by the visitors of all their devices.
  const visitorsIn = new Map<string, Set<string>>()

  function* socketsIn(threadId: string): Iterable<VisitorSocket> {
    for (const visitorId of visitorsIn.get(threadId) ?? []) yield* byVisitor.get(visitorId) ?? []
  }
  function settle(visitorId: string, threads: readonly string[]): void {
    for (const threadId of threadsOf.get(visitorId) ?? []) drop(visitorsIn, threadId, visitorId)
    threadsOf.delete(visitorId)
    if (!byVisitor.has(visitorId)) return
    threadsOf.set(visitorId, threads)
    for (const threadId of threads) put(visitorsIn, threadId, visitorId)
  }

  async function hint(rows: readonly FeedEntry[]): Promise<void> {
    const concerned = rows.filter((row) => row.threadId !== null && visitorsIn.has(row.threadId))
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
      for (const { socket } of socketsIn(threadId)) sendFrame(socket, { type: 'hint', changed })
    }
  }

  let queue = Promise.resolve()
  const unsubscribe = deps.hub.subscribe({
    sees: (row) => visitorsIn.size > 0 && (row.kind === 'message.created' || row.kind === 'message.updated'),
    onRows(rows) {
      // A hint lost with the database is made good when the page next looks by itself.
      queue = queue.then(() => hint(rows)).catch(() => {})
    },
    onSignal(signal) {
      if (signal.type !== 'typing' || signal.by.type !== 'agent' || signal.note) return
      for (const { socket } of socketsIn(signal.threadId)) sendFrame(socket, { type: 'typing', typing: signal.typing })
    },
  })

  return {
    add(one) {
      put(byVisitor, one.visitorId, one)
      put(byIp, one.ip, one)
      one.socket.once('close', () => {
        drop(byIp, one.ip, one)
        if (drop(byVisitor, one.visitorId, one)) settle(one.visitorId, [])
      })
    },
    settle,
    knowsThreads: (visitorId) => (threadsOf.get(visitorId) ?? []).length > 0,
    countFor: ({ visitorId, ip }) => ({ visitor: byVisitor.get(visitorId)?.size ?? 0, ip: byIp.get(ip)?.size ?? 0 }),
    close() {
      unsubscribe()
      for (const sockets of byVisitor.values()) for (const { socket } of sockets) socket.terminate()
    },
  }
}

function put<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const values = index.get(key)
  if (values) values.add(value)
  else index.set(key, new Set([value]))
}

/** True when that was the last one. */
function drop<T>(index: Map<string, Set<T>>, key: string, value: T): boolean {
  const values = index.get(key)
  values?.delete(value)
  return values?.size === 0 && index.delete(key)
}

export function sendFrame(socket: WebSocket, frame: VisitorServerFrame): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > MAX_WAITING) socket.terminate()
  else socket.send(JSON.stringify(frame))
}
