import type { WebSocket } from 'ws'
import type { FeedEntry } from '../store/feed.ts'
import type { ServerFrame } from '../wire/live.ts'
import { emptyMerge, type HintEncoder, type Merged, mergedFrame, mergeInto } from './hint-merge.ts'

/** Bytes waiting in this process for one socket; beyond, hints are merged instead of queued. */
const SOFT_BYTES = 16 * 1024
/** Beyond this it is cut: something other than hints was poured into it. */
const HARD_BYTES = 256 * 1024
/** Conversations remembered for a socket that does not read; more is cheaper to fetch afresh. */
const MAX_MERGED = 200
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

export interface OutletDeps {
  readonly log: (event: string) => void
  /** Shared by all outlets of a process. */
  readonly encode: HintEncoder
  readonly stuckMs?: number | undefined
}

export function createOutlet(socket: WebSocket, deps: OutletDeps): Outlet {
  const { log, encode, stuckMs = STUCK_MS } = deps
  let told = 0
  let ended = false
  let stuckSince: number | undefined
  let merged: Merged = emptyMerge()
  const write = (frame: ServerFrame | Buffer | null) => {
    if (frame === null || ended || socket.readyState !== socket.OPEN) return
    socket.send(Buffer.isBuffer(frame) ? frame : JSON.stringify(frame), { binary: false }, drained)
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
    if (performance.now() - stuckSince > stuckMs) end('tooSlow')
    return true
  }
  return {
    hints(rows) {
      const last = rows.at(-1)
      if (last === undefined || Number(last.position) <= told) return
      const allNew = Number(rows[0]?.position) > told
      const before = told
      told = Number(last.position)
      const behind = late()
      // The usual case: everybody who sees the same rows is sent the same bytes.
      if (allNew && !behind && merged.position === undefined) return write(encode(rows))
      mergeInto(merged, allNew ? rows : rows.filter((row) => Number(row.position) > before))
      if (!behind) drained()
      else if (merged.versions.size > MAX_MERGED) merged = { ...emptyMerge(), position: last.position, lost: true }
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
