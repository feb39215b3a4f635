const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

/** In a list: "now", "5m", "14:03", "Tue", "3 Nov". */
export function shortTime(iso: string | null, now: Date, language: string): string {
  if (!iso) return ''
  const at = new Date(iso)
  const age = now.getTime() - at.getTime()
  if (age < minute && age > -minute)
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second')
  if (age >= 0 && age < hour) {
    const n = Math.floor(age / minute)
    return language.startsWith('zh') ? `${n}分钟` : `${n}m`
  }
  if (sameDay(at, now)) return clockTime(iso, language)
  if (age >= 0 && age < 6 * day) return new Intl.DateTimeFormat(language, { weekday: 'short' }).format(at)
  const sameYear = at.getFullYear() === now.getFullYear()
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at)
}

export function clockTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  )
}

export function fullTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso))
}

/** "14:20" today, with the date on another day. */
export function soon(iso: string, language: string, now = new Date()): string {
  return sameDay(new Date(iso), now) ? clockTime(iso, language) : dateAndTime(iso, language)
}

/** "22 Nov 2026, 01:14". */
export function dateAndTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(
    new Date(iso),
  )
}

/** "Today", "Yesterday", "Tuesday 3 November". */
export function dayName(iso: string, now: Date, language: string): string {
  const at = new Date(iso)
  const days = Math.round((startOfDay(at) - startOfDay(now)) / day)
  if (days > -2 && days < 2)
    return capital(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day'))
  return new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(at)
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** "for 12 minutes". */
export function span(ms: number, language: string): string {
  const [value, unit] =
    ms < hour
      ? [Math.max(1, Math.floor(ms / minute)), 'minute']
      : ms < 2 * day
        ? [Math.floor(ms / hour), 'hour']
        : [Math.floor(ms / day), 'day']
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(
    value as number,
  )
}

export interface SnoozeChoice {
  key: 'hour' | 'evening' | 'tomorrow' | 'monday'
  at: Date
}

export function snoozeChoices(now: Date): SnoozeChoice[] {
  const at = (days: number, hours: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours)
  const toMonday = (8 - now.getDay()) % 7 || 7
  const choices: SnoozeChoice[] = [{ key: 'hour', at: new Date(now.getTime() + hour) }]
  if (now.getHours() < 17) choices.push({ key: 'evening', at: at(0, 18) })
  choices.push({ key: 'tomorrow', at: at(1, 9) })
  if (toMonday > 1) choices.push({ key: 'monday', at: at(toMonday, 9) })
  return choices
}

export function fileSize(bytes: number | null, language: string): string {
  if (bytes === null) return ''
  const [value, unit] =
    bytes < 1e3 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte']
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'short',
    maximumFractionDigits: (value as number) < 10 && unit !== 'byte' ? 1 : 0,
  }).format(value as number)
}
