import { useQuery } from '@tanstack/react-query'
import type { BusinessHours } from '../../../src/wire/business-hours.ts'
import type { Due, SlaPolicy } from '../../../src/wire/sla-policy.ts'
import { everyPage } from './directory.ts'
import { useApi } from './services.ts'

const minute = 60_000
const hour = 60 * minute
const soonMs = 15 * minute

export interface DueState {
  late: boolean
  /** Somebody should look now. */
  soon: boolean
  /** "12 min", "3 hr", "2 days": until it, or since. */
  time: string
}

export function dueState(due: Pick<Due, 'at'>, now: Date, language: string): DueState {
  const left = Date.parse(due.at) - now.getTime()
  const late = left < 0
  return { late, soon: !late && left <= soonMs, time: shortSpan(Math.abs(left), language) }
}

/** Whole minutes up to two hours, hours up to two days, days; never nothing. */
export function shortSpan(ms: number, language: string): string {
  const [value, unit] =
    ms < 2 * hour
      ? [Math.max(1, Math.floor(ms / minute)), 'minute']
      : ms < 48 * hour
        ? [Math.floor(ms / hour), 'hour']
        : [Math.floor(ms / (24 * hour)), 'day']
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'short' }).format(
    value as number,
  )
}

export function useSlaPolicies(): SlaPolicy[] {
  const api = useApi()
  const queryFn = ({ signal }: { signal: AbortSignal }) => everyPage<SlaPolicy>(api, '/sla-policies', signal)
  return useQuery({ queryKey: ['sla-policies'], queryFn }).data ?? none
}

export function useBusinessHours(): BusinessHours[] {
  const api = useApi()
  const queryFn = ({ signal }: { signal: AbortSignal }) => everyPage<BusinessHours>(api, '/business-hours', signal)
  return useQuery({ queryKey: ['business-hours'], queryFn }).data ?? none
}

const none: never[] = []
