import type { NewSlaPolicy, PromiseKind, Targets } from '../../../src/wire/sla-policy.ts'

export const kinds: readonly PromiseKind[] = ['firstResponse', 'nextResponse', 'resolution', 'update']
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]
export type Unit = 'minutes' | 'hours'

/** Hours where everything is whole hours: nobody reads 4320 minutes. */
export function unitOf(target: Targets[PromiseKind] | undefined): Unit {
  const given = priorities.flatMap((priority) => target?.[priority] ?? [])
  return given.length === 0 || given.every((minutes) => minutes % 60 === 0) ? 'hours' : 'minutes'
}

export function shownTarget(minutes: number | null | undefined, unit: Unit): string {
  if (minutes === null || minutes === undefined) return ''
  return String(unit === 'hours' ? minutes / 60 : minutes)
}

/** What a form's fields say; an empty one promises nothing. */
export function targetsOf(form: FormData): Targets {
  const targets: Targets = {}
  for (const kind of kinds) {
    const factor = form.get(`${kind}.unit`) === 'hours' ? 60 : 1
    const read = (priority: Priority) => {
      const text = String(form.get(`${kind}.${priority}`) ?? '').trim()
      return text === '' ? null : Math.round(Number(text) * factor)
    }
    const one = { low: read('low'), normal: read('normal'), high: read('high'), urgent: read('urgent') }
    if (Object.values(one).some((minutes) => minutes !== null)) targets[kind] = one
  }
  return targets
}

export function policyOf(form: FormData): NewSlaPolicy {
  const way = form.get('warn')
  const amount = Math.round(Number(form.get('warnAmount')))
  return {
    name: String(form.get('name')).trim(),
    businessHoursId: String(form.get('hours')) || null,
    targets: targetsOf(form),
    warning: way === 'percent' ? { percent: amount } : way === 'minutes' ? { minutes: amount } : null,
    isDefault: form.get('isDefault') !== null,
    escalates: form.get('escalates') !== null,
    teamIds: form.getAll('team').map(String),
    inboxIds: form.getAll('inbox').map(String),
  }
}
