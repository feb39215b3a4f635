import { type Calendar, calendarOf } from '../domain/calendar.ts'
import { promiseKinds, type Terms } from '../domain/promise.ts'
import type { PromisedCase } from '../store/promise-case.ts'
import type { ReckonedPolicy } from '../store/sla-policy.ts'

export interface PolicyTerms extends Terms {
  readonly policyId: string
}

/** Hours of a policy are opened once, and only when somebody asks. */
export function termsBook(policies: readonly ReckonedPolicy[]): (row: PromisedCase) => PolicyTerms | null {
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  const calendars = new Map<string, Calendar | null>()
  const calendar = ({ id, hours }: ReckonedPolicy) => {
    const known = calendars.get(id)
    if (known !== undefined) return known
    const opened = hours && calendarOf(hours)
    calendars.set(id, opened)
    return opened
  }
  return ({ policyId, priority }) => {
    const policy = policyId === null ? undefined : byId.get(policyId)
    if (!policy) return null
    const { id, warnPercent, warnMinutes } = policy
    return {
      policyId: id,
      calendar: calendar(policy),
      targets: Object.fromEntries(
        promiseKinds.flatMap((kind) => {
          const minutes = policy.targets[kind]?.[priority - 1]
          return typeof minutes === 'number' ? [[kind, minutes * 60_000]] : []
        }),
      ),
      warning: warnPercent !== null ? { percent: warnPercent } : warnMinutes !== null ? { minutes: warnMinutes } : null,
    }
  }
}
