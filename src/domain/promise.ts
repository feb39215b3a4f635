import { addOpenTime, type Calendar, openTimeBetween } from './calendar.ts'

export const promiseKinds = ['firstResponse', 'nextResponse', 'resolution', 'update'] as const
export type PromiseKind = (typeof promiseKinds)[number]

/** Instants, ms; without an end: it still stands. */
export interface Pause {
  readonly from: number
  readonly to: number | null
}

/** A promise as it runs on a conversation: what happened, and nothing of any policy. */
export interface RunningPromise {
  readonly kind: PromiseKind
  readonly startedAt: number
  /** In order. */
  readonly pauses: readonly Pause[]
}

/** How early somebody is warned: so much of the time has passed, or so much is left. */
export type Warning = { readonly percent: number } | { readonly minutes: number }

/** What is promised to one conversation: a policy for its priority. */
export interface Terms {
  readonly calendar: Calendar | null
  /** Open time, ms; absent: not promised. */
  readonly targets: { readonly [K in PromiseKind]?: number | undefined }
  readonly warning: Warning | null
}

/** When the promise is broken; null: not as long as it stands still. */
export function dueAt(calendar: Calendar | null, promise: RunningPromise, targetMs: number): number | null {
  let left = targetMs
  let at = promise.startedAt
  for (const pause of promise.pauses) {
    const ran = openTimeBetween(calendar, at, pause.from)
    if (left < ran) return addOpenTime(calendar, at, left)
    left -= ran
    if (pause.to === null) return null
    at = Math.max(at, pause.to)
  }
  return addOpenTime(calendar, at, left)
}

/** null: nobody is warned. */
export function warnAt({ calendar, warning }: Terms, promise: RunningPromise, targetMs: number): number | null {
  if (warning === null) return null
  const after =
    'percent' in warning ? Math.floor((targetMs * warning.percent) / 100) : targetMs - warning.minutes * 60_000
  return after <= 0 ? null : dueAt(calendar, promise, after)
}
