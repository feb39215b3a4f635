/** How long a reply in a chat waits to be read there before it also goes out by letter. Milliseconds. */
export interface Patience {
  /** Since the newest reply: whoever is about to read it does, and what follows it goes into the same letter. */
  readonly quietMs: number
  /** Since the oldest one: an agent who writes on and on must not hold back the first words for ever. */
  readonly longestGatherMs: number
  /** Since the page was last heard of: it tells every 25 s while it is open. */
  readonly goneMs: number
  /** Since the oldest one, where a page is open all the time and nobody looks at it. */
  readonly openPageMs: number
}

export const usualPatience: Patience = {
  quietMs: 60_000,
  longestGatherMs: 5 * 60_000,
  goneMs: 60_000,
  openPageMs: 15 * 60_000,
}

export interface Unread {
  /** Of the unread replies, ms. */
  readonly oldestAgeMs: number
  readonly newestAgeMs: number
  /** null: no page of theirs was ever heard of. */
  readonly seenAgoMs: number | null
}

/** ms until it is worth asking again; 0: they are gone, write to them. */
export function waitBeforeLetter({ oldestAgeMs, newestAgeMs, seenAgoMs }: Unread, patience: Patience): number {
  const gathering = Math.min(patience.quietMs - newestAgeMs, patience.longestGatherMs - oldestAgeMs)
  if (gathering > 0) return gathering
  const here = seenAgoMs === null ? 0 : patience.goneMs - seenAgoMs
  return Math.max(0, Math.min(here, patience.openPageMs - oldestAgeMs))
}
