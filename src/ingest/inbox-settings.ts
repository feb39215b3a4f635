import type { ChannelAdapter } from '../channel/contract.ts'
import { SettingsError } from '../channel/errors.ts'
import { settingsErrorOf } from '../channel/settings-fault.ts'
import type { CommonSettings } from '../domain/inbox.ts'
import { takeCommonSettings } from '../domain/inbox.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { SecretEntry, Settings } from '../domain/secret-settings.ts'
import {
  joinSettings,
  mask,
  maskSettings,
  secretPaths,
  splitSettings,
  unmaskSettings,
} from '../domain/secret-settings.ts'
import type { Inbox, SealedSecrets } from '../store/inbox.ts'

export interface CheckedSettings {
  readonly common: CommonSettings
  /** The channel's own, complete, secrets included. Must not be logged. */
  readonly channel: Settings
}

/**
 * `input` as it came from a form or a program: on top of `current` when it changes an inbox, where null takes a field away
 * and "•••" leaves a secret what it was. Throws SettingsError naming the field.
 */
export function checkSettings(adapter: ChannelAdapter, input: Settings, current?: Settings): CheckedSettings {
  const taken = takeCommonSettings(input)
  if (!taken.ok) throw settingsErrorOf(taken.error, input)
  const paths = secretPaths(adapter.settingsSchema)
  const known = current ? splitSettings(current, paths).secrets : []
  const { settings, lost } = unmaskSettings(taken.rest, known, paths)
  if (lost[0] !== undefined) {
    throw new SettingsError(lost[0], `"${mask}" stands for a secret that was never given.`, { code: 'required' })
  }
  const entries = Object.entries({ ...current, ...settings }).filter(([, value]) => value !== null)
  const channel = Object.fromEntries(entries)
  adapter.parseSettings(channel)
  return { common: taken.common, channel }
}

export function sealSettings(
  sealer: Sealer,
  adapter: ChannelAdapter,
  inboxId: string,
  settings: Settings,
): { settings: Settings; secrets: SealedSecrets | null } {
  const { open, secrets } = splitSettings(settings, secretPaths(adapter.settingsSchema))
  if (secrets.length === 0) return { settings: open, secrets: null }
  const sealed = sealer.seal(JSON.stringify(secrets), sealContext(inboxId))
  return { settings: open, secrets: { ...sealed, places: secrets.map(([path]) => path) } }
}

/** The channel's settings with their secrets. Throws SealError when they were sealed under another SECRET_KEY. */
export function unsealSettings(sealer: Sealer, inbox: Pick<Inbox, 'id' | 'settings' | 'secrets'>): Settings {
  if (inbox.secrets === null) return inbox.settings
  const secrets = JSON.parse(sealer.open(inbox.secrets, sealContext(inbox.id))) as SecretEntry[]
  return joinSettings(inbox.settings, secrets)
}

/** What the API shows: everything but the secrets, in the shape that `checkSettings` takes. */
export function visibleSettings(inbox: Inbox): Settings {
  return {
    from: inbox.importFrom.toISOString(),
    reopenHours: inbox.reopenHours,
    ...(inbox.privacyUrl !== null && { privacyUrl: inbox.privacyUrl }),
    ...(inbox.retentionDays !== null && { retentionDays: inbox.retentionDays }),
    learn: inbox.learn,
    bot: inbox.bot,
    ...(inbox.remindAfterHours !== null && { remindAfterHours: inbox.remindAfterHours }),
    ...(inbox.resolveAfterHours !== null && { resolveAfterHours: inbox.resolveAfterHours }),
    acknowledge: inbox.customer.acknowledge ?? true,
    news: inbox.customer.news ?? true,
    ...(inbox.customer.progressDays !== null && { progressDays: inbox.customer.progressDays ?? 30 }),
    ...maskSettings(inbox.settings, inbox.secrets?.places ?? []),
  }
}

function sealContext(inboxId: string): string {
  return `inbox:${inboxId}`
}
