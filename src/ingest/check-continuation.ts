import { SettingsError } from '../channel/errors.ts'
import { writesLetters } from '../channel/writes-letters.ts'
import type { Settings } from '../domain/secret-settings.ts'
import type { Queryable } from '../store/database.ts'
import { getInbox } from '../store/inbox.ts'
import { unsealSettings } from './inbox-settings.ts'
import { adapterOf, type SaveContext } from './save-inbox.ts'

/** Who leaves a chat can only be answered from an inbox that is there and writes letters. Throws SettingsError naming the field. */
export async function checkContinuation(
  tx: Queryable,
  ctx: Pick<SaveContext, 'channels' | 'sealer'>,
  channel: string,
  given: Settings,
): Promise<void> {
  const adapter = adapterOf(ctx.channels, channel)
  const continuation = adapter.continues?.(adapter.parseSettings(given)) ?? null
  if (!continuation) return
  const row = await getInbox(tx, continuation.inboxId)
  if (!row) throw new SettingsError(continuation.field, 'is not an inbox of this installation')
  const other = adapterOf(ctx.channels, row.channel)
  if (writesLetters(other, other.parseSettings(unsealSettings(ctx.sealer, row)))) return
  throw new SettingsError(continuation.field, 'must be an inbox that can write mails')
}
