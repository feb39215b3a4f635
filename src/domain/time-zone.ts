const dayMs = 86_400_000

/** Local time less UTC at an instant, ms. */
export type OffsetAt = (at: number) => number

/** Names as in the IANA database, 'Asia/Kolkata'; throws RangeError at any other. */
export function offsetsOf(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    const whole = Math.floor(at / 1_000) * 1_000
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole
  }
}

export function isTimeZone(name: string): boolean {
  try {
    // Offsets like '+02:00' are taken by some versions of Node only, and they know nothing of summer.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/**
 * The instant at which the clocks of a place show this local time (ms as if it were UTC). A time that they skip is the moment of the
 * skip; of one that they show twice `which` says the one meant.
 */
export function instantOf(offsetAt: OffsetAt, local: number, which: 'first' | 'last'): number {
  const offsets = [offsetAt(local - dayMs), offsetAt(local + dayMs)]
  const instants = offsets.map((offset) => local - offset)
  const shown = instants.filter((instant, n) => offsetAt(instant) === offsets[n])
  if (shown.length > 0) return which === 'first' ? Math.min(...shown) : Math.max(...shown)
  let before = Math.min(...instants)
  let after = Math.max(...instants)
  const offset = offsetAt(before)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === offset) before = middle
    else after = middle
  }
  return after
}
