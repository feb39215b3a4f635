import { SettingsError } from '../channel/errors.ts'
import type { CommonSettings } from '../domain/inbox.ts'
import type { Inbox } from '../store/inbox.ts'

export type Reminders = Pick<Inbox, 'remindAfterHours' | 'resolveAfterHours' | 'remindSince'>

/** Switched on, they begin with what is said from now on: connecting them must write to nobody about long ago. */
export function reminders(common: CommonSettings, current: Reminders | null, now: Date): Reminders {
  const { remindAfterHours = current?.remindAfterHours ?? null } = common
  const { resolveAfterHours = current?.resolveAfterHours ?? null } = common
  if (remindAfterHours === null && resolveAfterHours !== null) {
    throw new SettingsError('resolveAfterHours', 'Only what a reminder announced is resolved by itself.')
  }
  const remindSince = remindAfterHours === null ? null : (current?.remindSince ?? now)
  return { remindAfterHours, resolveAfterHours, remindSince }
}

export function remindsOtherwise(before: Reminders, after: Reminders): boolean {
  return before.remindAfterHours !== after.remindAfterHours
}
