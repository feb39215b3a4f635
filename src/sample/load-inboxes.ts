import type { ChannelAdapter } from '../channel/contract.ts'
import type { Sealer } from '../domain/sealer.ts'
import { checkSettings, sealSettings } from '../ingest/inbox-settings.ts'
import { adapterOf } from '../ingest/save-inbox.ts'
import type { Queryable } from '../store/database.ts'
import { insertInbox, nextInboxId } from '../store/inbox.ts'
import { setInboxMembers } from '../store/team.ts'
import type { Desk } from './desk-files.ts'
import { idOf, type Names } from './names.ts'

export interface InboxGround {
  readonly channels: readonly ChannelAdapter[]
  readonly sealer: Sealer
  readonly now: Date
}

/** Ids by name. Live from now on: what the sample says was said before it, and nothing automatic answers it. */
export async function loadInboxes(
  tx: Queryable,
  { channels, sealer, now }: InboxGround,
  desk: Desk,
  names: Names,
): Promise<Map<string, string>> {
  const inboxes = new Map<string, string>()
  for (const { channel, name, enabled, bot, team, settings } of desk.inboxes) {
    const adapter = adapterOf(channels, channel)
    const id = await nextInboxId(tx)
    await insertInbox(tx, {
      id,
      channel,
      name,
      enabled,
      teamId: idOf(names.teams, team),
      ...sealSettings(sealer, adapter, id, checkSettings(adapter, settings).channel),
      reopenHours: 72,
      retentionDays: null,
      privacyUrl: null,
      learn: false,
      bot,
      customer: {},
      remindAfterHours: null,
      resolveAfterHours: null,
      remindSince: null,
      importFrom: now,
      liveSince: now,
    })
    await setInboxMembers(tx, id, [...names.agents.values()])
    inboxes.set(name, id)
  }
  return inboxes
}
