/** By the clocks of where the agent is; `to` 1440 is midnight. One over midnight is two. */
export interface Shift {
  /** 1 Monday to 7 Sunday. */
  readonly day: number
  /** Minutes of the day. */
  readonly from: number
  readonly to: number
}

/** Without shifts somebody works whenever they say so. */
export function onShift(shifts: readonly Shift[], timeZone: string, now: Date): boolean {
  if (shifts.length === 0) return true
  const { day, minute } = wallClock(timeZone, now)
  return shifts.some((shift) => shift.day === day && shift.from <= minute && minute < shift.to)
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const clocks = new Map<string, Intl.DateTimeFormat>()

// What clocks there show, summer time included: asked of the runtime, which knows when each country changed it.
function wallClock(timeZone: string, now: Date): { day: number; minute: number } {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  )
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  return { day: days.indexOf(parts.get('weekday') ?? '') + 1, minute }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  clocks.set(timeZone, clock)
  return clock
}

export function isTimeZone(name: string): boolean {
  try {
    return clockOf(name) !== undefined
  } catch {
    return false
  }
}
