import type { FeedEntry } from '../store/feed.ts'
import type { ServerFrame } from '../wire/live.ts'

/** Hints not sent yet: of each conversation the newest, of everything else that it changed. */
export interface Merged {
  position: string | undefined
  /** Too many to remember: the browser fetches afresh. */
  readonly lost: boolean
  readonly versions: Map<string, number>
  readonly other: Set<string>
}

export const emptyMerge = (): Merged => ({ position: undefined, lost: false, versions: new Map(), other: new Set() })

export function mergeInto(merged: Merged, rows: readonly FeedEntry[]): void {
  for (const row of rows) {
    merged.position = row.position
    if (merged.lost) continue
    if (row.conversationId === null) merged.other.add(row.kind.replace(/\..*/, ''))
    else if (row.version !== null) {
      const newest = Math.max(row.version, merged.versions.get(row.conversationId) ?? 0)
      merged.versions.set(row.conversationId, newest)
    }
  }
}

export function mergedFrame({ position = '0', lost, versions, other }: Merged): ServerFrame {
  if (lost) return { type: 'resync', position }
  const conversations = [...versions].map(([conversation, version]) => ({ conversation, version }))
  return { type: 'hint', position, conversations, ...(other.size > 0 && { other: [...other] }) }
}

/** The frame of these rows, null where they say nothing; built once however many sockets it goes to; the hub hands the same array to all who see the same. */
export type HintEncoder = (rows: readonly FeedEntry[]) => Buffer | null

export function createHintEncoder(): HintEncoder {
  const built = new WeakMap<readonly FeedEntry[], Buffer | null>()
  return (rows) => {
    const known = built.get(rows)
    if (known !== undefined) return known
    const merged = emptyMerge()
    mergeInto(merged, rows)
    const silent = merged.versions.size === 0 && merged.other.size === 0
    const frame = silent ? null : Buffer.from(JSON.stringify(mergedFrame(merged)))
    built.set(rows, frame)
    return frame
  }
}
