import { instantOf, offsetsOf } from './time-zone.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** Beyond it nobody promises anything: whoever is closed that long never opens. */
const horizonDays = 1_100
const keptDays = 1_000

/** When people are there. Two spans of a day may touch, not overlap; one that goes past midnight is two. */
export interface BusinessHours {
  /** IANA: 'Europe/Berlin'. */
  readonly timeZone: string
  readonly week: readonly OpenSpan[]
  readonly holidays: readonly Holiday[]
}

export interface OpenSpan {
  /** 1 is Monday, 7 Sunday. */
  readonly day: number
  /** 'HH:MM' on the wall there. */
  readonly from: string
  /** May be '24:00'. */
  readonly to: string
}

/** Whole days, both included: 'YYYY-MM-DD'. */
export interface Holiday {
  readonly from: string
  readonly to: string
  readonly name: string
}

type Span = readonly [opens: number, closes: number]

/** Instants are ms since 1970. It remembers days it was asked about, so keep one for many questions. */
export interface Calendar {
  /** The day at an instant, in days since 1970-01-01 there. */
  readonly dayAt: (at: number) => number
  /** In order, apart from each other. */
  readonly openOn: (day: number) => readonly Span[]
}

export function calendarOf(hours: BusinessHours): Calendar {
  const offsetAt = offsetsOf(hours.timeZone)
  const holidays = hours.holidays.map(({ from, to }) => [dayOf(from), dayOf(to)] as const)
  const known = new Map<number, readonly Span[]>()
  const spansOf = (day: number): readonly Span[] => {
    if (holidays.some(([from, to]) => day >= from && day <= to)) return []
    const spans = hours.week.filter((span) => span.day === weekdayOf(day)).map((span) => instantsOf(day, span))
    return merged(spans.filter(([opens, closes]) => closes > opens))
  }
  // A time shown twice opens with the first and closes with the last; midnight ends a day when it first strikes.
  const instantsOf = (day: number, { from, to }: OpenSpan): Span => [
    instantOf(offsetAt, day * dayMs + minutesOf(from) * minuteMs, 'first'),
    instantOf(offsetAt, day * dayMs + minutesOf(to) * minuteMs, to === '24:00' ? 'first' : 'last'),
  ]
  return {
    dayAt: (at) => Math.floor((at + offsetAt(at)) / dayMs),
    openOn: (day) => {
      const before = known.get(day)
      if (before) return before
      if (known.size >= keptDays) known.clear()
      const spans = spansOf(day)
      known.set(day, spans)
      return spans
    },
  }
}

/** When `ms` of open time will have passed since `from`; null: never, as far as anybody plans. Without a calendar it is always open. */
export function addOpenTime(calendar: Calendar | null, from: number, ms: number): number | null {
  if (calendar === null || ms <= 0) return from + Math.max(ms, 0)
  let left = ms
  for (const [opens, closes] of openFrom(calendar, from)) {
    if (left <= closes - opens) return opens + left
    left -= closes - opens
  }
  return null
}

/** How much of the time between two instants it is open, ms. */
export function openTimeBetween(calendar: Calendar | null, from: number, to: number): number {
  if (to <= from) return 0
  if (calendar === null) return to - from
  let sum = 0
  for (let day = calendar.dayAt(from); day <= calendar.dayAt(to); day++) {
    for (const [opens, closes] of calendar.openOn(day)) {
      sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from))
    }
  }
  return sum
}

export function isOpen(calendar: Calendar | null, at: number): boolean {
  return calendar === null || calendar.openOn(calendar.dayAt(at)).some(([opens, closes]) => opens <= at && at < closes)
}

/** Now, when it is open; null: never. */
export function nextOpening(calendar: Calendar | null, at: number): number | null {
  if (calendar === null) return at
  for (const [opens] of openFrom(calendar, at)) return opens
  return null
}

/** What is left of each open span from an instant on. */
function* openFrom(calendar: Calendar, from: number): Generator<Span> {
  const first = calendar.dayAt(from)
  for (let day = first; day < first + horizonDays; day++) {
    for (const [opens, closes] of calendar.openOn(day)) {
      if (closes > from) yield [Math.max(opens, from), closes]
    }
  }
}

/** Where the clocks go back one span may run into the next. */
function merged(spans: Span[]): Span[] {
  const result: Span[] = []
  for (const [opens, closes] of spans.sort(([a], [b]) => a - b)) {
    const last = result.at(-1)
    if (last && opens <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], closes)]
    else result.push([opens, closes])
  }
  return result
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs
}

// 1970-01-01 was a Thursday.
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}
