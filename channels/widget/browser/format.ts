import type { Words } from './locales.ts'

export function clock(at: Date, locale: string): string {
  return at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
}

export function exact(at: Date, locale: string): string {
  return at.toLocaleString(locale, { dateStyle: 'full', timeStyle: 'short' })
}

export function dayName(at: Date, locale: string, words: Words): string {
  const days = daysAgo(at)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  const year = at.getFullYear() === new Date().getFullYear() ? undefined : 'numeric'
  return at.toLocaleDateString(locale, { weekday: 'long', month: 'long', day: 'numeric', ...(year && { year }) })
}

export function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

function daysAgo(at: Date): number {
  const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((midnight(new Date()) - midnight(at)) / 86_400_000)
}

export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
