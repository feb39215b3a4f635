/**
 * Whom a platform means that only says "later": one place is its own limit; a second one refused in the same time is the
 * account's. `refusedUntil`: by place, ms since 1970.
 */
export function limitedScope<P>(
  refusedUntil: Map<P, number>,
  refused: { readonly place: P; readonly now: number; readonly waitMs: number },
): 'thread' | 'inbox' {
  const { place, now, waitMs } = refused
  for (const [other, until] of refusedUntil) if (until <= now) refusedUntil.delete(other)
  const others = [...refusedUntil.keys()].some((other) => other !== place)
  refusedUntil.set(place, now + waitMs)
  return others ? 'inbox' : 'thread'
}
