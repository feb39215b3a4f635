import type { Holiday, OpenSpan } from '../../../src/wire/business-hours.ts'

/** What tells rows of a list apart while they are typed. */
export type Keyed<T> = T & { readonly key: number }

export function keyed<T extends object>(row: T): Keyed<T> {
  return { ...row, key: Math.random() }
}

/** Monday first. */
export type Week = readonly (readonly Times[])[]
export type Times = Keyed<{ from: string; to: string }>

const office = { from: '09:00', to: '17:00' }

export function usualWeek(): Week {
  return Array.from({ length: 7 }, (_, n) => (n < 5 ? [keyed(office)] : []))
}

export function weekOf(spans: readonly OpenSpan[]): Week {
  return Array.from({ length: 7 }, (_, n) =>
    spans
      .filter(({ day }) => day === n + 1)
      .map(({ from, to }) => keyed({ from, to: to === '24:00' ? '00:00' : to }))
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
  )
}

/** A field for a time has no 24:00; who closes at midnight closes at the end of the day. */
export function spansOf(week: Week): OpenSpan[] {
  return week.flatMap((times, n) =>
    times.map(({ from, to }) => ({ day: n + 1, from, to: to === '00:00' ? '24:00' : to })),
  )
}

/** What is added to a day: after what is there, as far as there is room. */
export function nextTimes(times: readonly Times[]): Times | null {
  const last = times.at(-1)
  if (!last) return keyed(office)
  if (last.to === '00:00' || last.to >= '23:00') return null
  const hour = Number(last.to.slice(0, 2)) + 1
  const pad = (n: number) => `${String(n).padStart(2, '0')}:00`
  return keyed({ from: pad(hour), to: pad(Math.min(hour + 4, 24) % 24) })
}

/** The first day's times on every day from Monday to Friday. */
export function likeMonday(week: Week): Week {
  return week.map((times, n) => (n > 0 && n < 5 ? (week[0] ?? []).map(keyed) : times))
}

export function changed(week: Week, day: number, times: readonly Times[]): Week {
  return week.map((old, n) => (n === day ? times : old))
}

export function emptyHoliday(now: Date): Keyed<Holiday> {
  const date = now.toISOString().slice(0, 10)
  return keyed({ from: date, to: date, name: '' })
}

export type HoursFault = { kind: 'noTime' } | { kind: 'overlap'; day: number } | { kind: 'holidayOrder' }

/** What the server would refuse; fields that are still empty say so themselves. */
export function faultOf(week: Week, holidays: readonly Holiday[]): HoursFault | null {
  if (week.every((times) => times.length === 0)) return { kind: 'noTime' }
  const day = week.findIndex((times) => {
    const spans = times.map(({ from, to }) => ({ from, to: to === '00:00' ? '24:00' : to }))
    const filled = spans.filter(({ from, to }) => from !== '' && to !== '')
    const sorted = filled.sort((a, b) => (a.from < b.from ? -1 : 1))
    return sorted.some(({ from, to }, n) => from >= to || to > (sorted[n + 1]?.from ?? '24:00'))
  })
  if (day !== -1) return { kind: 'overlap', day }
  return holidays.some(({ from, to }) => to < from) ? { kind: 'holidayOrder' } : null
}

/** Monday first. 2024-01-01 was one. */
export function dayNames(language: string): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, n) => format.format(new Date(Date.UTC(2024, 0, 1 + n))))
}

/** With the one in use, which a browser may know by a newer name. */
export function timeZones(used: string): string[] {
  return [...new Set([used, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
}
