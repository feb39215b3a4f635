import { promiseKinds } from '../domain/promise.ts'
import { createBusinessHours } from '../store/business-hours.ts'
import type { Queryable } from '../store/database.ts'
import { insertSlaPolicy, setPolicyUsers } from '../store/sla-policy.ts'
import type { Desk } from './desk-files.ts'
import { dayNumber, idOf, type Names } from './names.ts'

export interface LoadedPromises {
  readonly hours: ReadonlyMap<string, string>
  readonly policies: ReadonlyMap<string, string>
}

/** None of them is what counts elsewhere: inboxes that are no sample keep what they have. */
export async function loadPromises(
  tx: Queryable,
  { promises: given, inboxes }: Desk,
  { teams }: Names,
  /** By name. */
  inboxIds: ReadonlyMap<string, string>,
): Promise<LoadedPromises> {
  const hours = new Map<string, string>()
  for (const { key, name, timeZone, days, from, to, holidays } of given.hours) {
    const week = days.map((day) => ({ day: dayNumber(day), from, to }))
    hours.set(key, (await createBusinessHours(tx, { name, timeZone, week, holidays })).id)
  }
  const policies = new Map<string, string>()
  for (const promise of given.promises) {
    const kinds = promiseKinds.flatMap((kind) => (promise[kind] === undefined ? [] : [[kind, promise[kind]] as const]))
    const id = await insertSlaPolicy(tx, {
      name: promise.name,
      businessHoursId: promise.hours === null ? null : idOf(hours, promise.hours),
      targets: Object.fromEntries(kinds),
      warnPercent: promise.warnPercent ?? null,
      warnMinutes: promise.warnMinutes ?? null,
      isDefault: false,
      escalates: false,
    })
    await setPolicyUsers(tx, id, {
      teamIds: promise.teams.map((team) => idOf(teams, team)),
      inboxIds: inboxes.filter((inbox) => inbox.promise === promise.key).map(({ name }) => idOf(inboxIds, name)),
    })
    policies.set(promise.key, id)
  }
  return { hours, policies }
}
