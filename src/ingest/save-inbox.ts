import type { ChannelAdapter } from '../channel/contract.ts'
import { SettingsError } from '../channel/errors.ts'
import type { CommonSettings } from '../domain/inbox.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { Settings } from '../domain/secret-settings.ts'
import { type Database, transaction } from '../store/database.ts'
import type { Inbox, InboxChanges } from '../store/inbox.ts'
import { insertInbox, lockInbox, nextInboxId, writeInbox } from '../store/inbox.ts'
import { enqueueJobs } from '../store/job.ts'
import { recalculateAll } from '../store/sla-policy.ts'
import { checkContinuation } from './check-continuation.ts'
import { customerSettings } from './customer-settings.ts'
import { reminders, remindsOtherwise } from './inbox-reminders.ts'
import { checkSettings, sealSettings, unsealSettings } from './inbox-settings.ts'

export interface SaveContext {
  readonly db: Database
  readonly channels: readonly ChannelAdapter[]
  readonly sealer: Sealer
  readonly clock: () => Date
}

export interface InboxInput {
  readonly channel: string
  readonly name: string
  readonly settings: Settings
  readonly teamId?: string | null | undefined
  readonly enabled?: boolean | undefined
}
export type InboxPatch = Partial<{ readonly [K in keyof Omit<InboxInput, 'channel'>]: InboxInput[K] | undefined }>

/** Throws SettingsError naming the field. Does not connect: that is the supervisor's, or a test's before. */
export async function createInbox(ctx: SaveContext, input: InboxInput): Promise<Inbox> {
  const adapter = adapterOf(ctx.channels, input.channel)
  const { common, channel } = checkSettings(adapter, input.settings)
  const now = ctx.clock()
  return transaction(ctx.db, async (tx) => {
    const id = await nextInboxId(tx)
    await checkContinuation(tx, ctx, adapter.id, channel)
    return insertInbox(tx, {
      id,
      channel: adapter.id,
      name: input.name,
      teamId: input.teamId ?? null,
      enabled: input.enabled ?? true,
      ...sealSettings(ctx.sealer, adapter, id, channel),
      reopenHours: common.reopenHours ?? 72,
      retentionDays: common.retentionDays ?? null,
      privacyUrl: common.privacyUrl ?? null,
      learn: common.learn ?? false,
      bot: common.bot ?? false,
      ...reminders(common, null, now),
      customer: customerSettings(common, {}),
      importFrom: importFrom(common, now) ?? now,
      liveSince: now,
    })
  })
}

/** null: there is no such inbox. Throws SettingsError naming the field. */
export async function updateInbox(ctx: SaveContext, id: string, patch: InboxPatch): Promise<Inbox | null> {
  return transaction(ctx.db, async (tx) => {
    const current = await lockInbox(tx, id)
    if (current === null) return null
    const changes: InboxChanges = {
      ...(patch.name !== undefined && { name: patch.name }),
      ...(patch.teamId !== undefined && { teamId: patch.teamId }),
      ...(patch.enabled !== undefined && { enabled: patch.enabled }),
      ...(patch.enabled && !current.started && firstEnabled(current, ctx.clock())),
      ...(patch.settings !== undefined && settingsChanges(ctx, current, patch.settings)),
    }
    const after = await writeInbox(tx, current, changes)
    if (remindsOtherwise(current, after)) await enqueueJobs(tx, [recalculateAll])
    if (patch.settings !== undefined)
      await checkContinuation(tx, ctx, current.channel, unsealSettings(ctx.sealer, after))
    return after
  })
}

/** What came before an inbox was first switched on is history, however long it stood there switched off. */
function firstEnabled(current: Inbox, now: Date): InboxChanges {
  const fromNow = current.importFrom.getTime() === current.liveSince.getTime()
  return fromNow ? { liveSince: now, importFrom: now } : { liveSince: now }
}

function settingsChanges(ctx: SaveContext, current: Inbox, input: Settings): InboxChanges {
  const adapter = adapterOf(ctx.channels, current.channel)
  const { common, channel } = checkSettings(adapter, input, unsealSettings(ctx.sealer, current))
  const from = importFrom(common, ctx.clock())
  return {
    ...sealSettings(ctx.sealer, adapter, current.id, channel),
    ...(common.reopenHours !== undefined && { reopenHours: common.reopenHours }),
    ...(common.retentionDays !== undefined && { retentionDays: common.retentionDays }),
    ...(common.privacyUrl !== undefined && { privacyUrl: common.privacyUrl }),
    ...(common.learn !== undefined && { learn: common.learn }),
    ...(common.bot !== undefined && { bot: common.bot }),
    ...reminders(common, current, ctx.clock()),
    customer: customerSettings(common, current.customer),
    ...(from !== undefined && { importFrom: from }),
    reconnect: true,
  }
}

export function adapterOf(channels: readonly ChannelAdapter[], id: string): ChannelAdapter {
  const adapter = channels.find((channel) => channel.id === id)
  if (!adapter) throw new SettingsError('channel', `There is no channel "${id}" here.`)
  return adapter
}

function importFrom(common: CommonSettings, now: Date): Date | undefined {
  if (common.from === undefined) return undefined
  return common.from === 'now' ? now : new Date(common.from)
}
