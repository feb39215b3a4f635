import type { WebSocket } from 'ws'
import type { FeedEntry } from '../store/feed.ts'
import type { ServerFrame } from '../wire/live.ts'

/** Bytes waiting in this process for one socket; beyond, hints are merged instead of queued. */
const SOFT_BYTES = 16 * 1024
/** Beyond this it is cut: something other than hints was poured into it. */
const HARD_BYTES = 256 * 1024
/** Conversations remembered for a socket that does not read; more is cheaper to fetch afresh. */
const MAX_MERGED = 500
/** How long a socket may take to read what waits for it. */
const STUCK_MS = 15_000

/** What one browser is told, never more than a bounded amount of it waiting. */
export interface Outlet {
  /** Rows at or before the last position told are left out. */
  hints(rows: readonly FeedEntry[]): void
  /** A frame of the moment: left out when the socket does not keep up. */
  moment(frame: ServerFrame): void
  /** What comes later starts after this position. */
  begin(position: string, resync: boolean): void
  /** Says why, closes, and cuts a peer that does not answer the closing. */
  end(code: 'badFrame' | 'tooLarge' | 'signedOut' | 'tooSlow' | 'tooMany'): void
}

const closeCodes = { badFrame: 1008, tooLarge: 1009, signedOut: 4001, tooSlow: 4002, tooMany: 1013 } as const

export function createOutlet(socket: WebSocket, log: (event: string) => void): Outlet {
  let told = 0
  let ended = false
  let stuckSince: number | undefined
  let merged: Merged = emptyMerge()
  const write = (frame: ServerFrame) => {
    if (ended || socket.readyState !== socket.OPEN) return
    socket.send(JSON.stringify(frame), drained)
    if (socket.bufferedAmount > HARD_BYTES) end('tooSlow')
  }
  const drained = () => {
    if (ended || socket.bufferedAmount > SOFT_BYTES) return
    stuckSince = undefined
    if (merged.position === undefined) return
    const frame = mergedFrame(merged)
    merged = emptyMerge()
    write(frame)
  }
  const end: Outlet['end'] = (code) => {
    if (ended) return
    log(`live.${code}`)
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: 'error', code } satisfies ServerFrame))
    ended = true
    socket.close(closeCodes[code])
    // A peer that reads nothing never answers the closing either.
    setTimeout(() => socket.terminate(), code === 'tooSlow' ? 0 : 500).unref()
  }
  const late = (): boolean => {
    if (socket.bufferedAmount <= SOFT_BYTES) return false
    stuckSince ??= performance.now()
    if (performance.now() - stuckSince > STUCK_MS) end('tooSlow')
    return true
  }
  return {
    hints(rows) {
      const fresh = rows.filter((row) => Number(row.position) > told)
      const last = fresh.at(-1)
      if (last === undefined) return
      told = Number(last.position)
      mergeInto(merged, fresh)
      if (!late()) drained()
    },
    moment(frame) {
      if (!late()) write(frame)
    },
    begin(position, resync) {
      told = Number(position)
      write({ type: 'ready', position, resync })
    },
    end,
  }
}

interface Merged {
  position: string | undefined
  lost: boolean
  readonly versions: Map<string, number>
  readonly other: Set<string>
}

const emptyMerge = (): Merged => ({ position: undefined, lost: false, versions: new Map(), other: new Set() })

function mergeInto(merged: Merged, rows: readonly FeedEntry[]): void {
  for (const row of rows) {
    merged.position = row.position
    if (merged.lost) continue
    if (row.conversationId === null) merged.other.add(row.kind.replace(/\..*/, ''))
    else
      merged.versions.set(row.conversationId, Math.max(row.version ?? 0, merged.versions.get(row.conversationId) ?? 0))
    if (merged.versions.size <= MAX_MERGED) continue
    merged.lost = true
    merged.versions.clear()
  }
}

function mergedFrame({ position = '0', lost, versions, other }: Merged): ServerFrame {
  if (lost) return { type: 'resync', position }
  const conversations = [...versions].map(([conversation, version]) => ({ conversation, version }))
  return { type: 'hint', position, conversations, ...(other.size > 0 && { other: [...other] }) }
}
