import type { DescribedInbox, OpenInbox } from '../channel/contract.ts'
import { ChannelError, SettingsError } from '../channel/errors.ts'
import { SealError } from '../domain/sealer.ts'
import { getInbox, type Inbox } from '../store/inbox.ts'
import { inboxState, markBadCredentials } from '../store/inbox-health.ts'
import { createChannelEnv } from './channel-env.ts'
import type { ConnectionsContext } from './connections.ts'
import { unsealSettings } from './inbox-settings.ts'

export interface StoredInbox extends DescribedInbox {
  readonly inbox: Inbox
}

/**
 * The inbox and its settings as they are now. Rejects with ChannelError when nothing may connect: 'auth' while an
 * administrator has to act on its credentials, 'unavailable' while it is switched off, gone or unreadable here.
 */
export async function readInbox(
  ctx: ConnectionsContext,
  inboxId: string,
  { forSending = true } = {},
): Promise<StoredInbox> {
  const inbox = await getInbox(ctx.db.pool, inboxId)
  if (inbox === null) throw unavailable('The inbox no longer exists.')
  const adapter = ctx.channels.find((channel) => channel.id === inbox.channel)
  if (!adapter) throw unavailable(`This server has no channel "${inbox.channel}".`)
  if (forSending) {
    if (!inbox.enabled) throw unavailable('The inbox is switched off.')
    const health = await inboxState(ctx.db.pool, inboxId)
    if (health?.state === 'badCredentials') throw new ChannelError({ kind: 'auth' }, health.error ?? refused)
  }
  const settings = await usable(ctx, inbox, () => adapter.parseSettings(unsealSettings(ctx.sealer, inbox)))
  return { inbox, inboxId, adapter, settings }
}

export function describeInbox({ inboxId, adapter, settings }: StoredInbox): DescribedInbox {
  return { inboxId, adapter, settings }
}

const refused = 'The platform refused the credentials.'

/** One connection. Credentials that are refused stop the inbox, whoever noticed it first. */
export async function openInbox(ctx: ConnectionsContext, stored: StoredInbox): Promise<OpenInbox> {
  const { inbox, inboxId, adapter, settings } = stored
  try {
    const connection = await adapter.connect(settings, createChannelEnv(ctx, inbox, adapter, settings))
    return { inboxId, adapter, settings, connection }
  } catch (error) {
    if (!(error instanceof ChannelError)) {
      ctx.log.error({ inbox: inboxId, error: String(error) }, 'connecting failed in a way the channel does not explain')
      throw unavailable('Connecting failed unexpectedly. The server log says more.', error)
    }
    if (error.failure.kind === 'auth') await markBadCredentials(ctx.db, inbox, error.message)
    throw error
  }
}

/** Stored settings that a newer release no longer takes need a person as wrong credentials do. */
async function usable<T>(ctx: ConnectionsContext, inbox: Inbox, parse: () => T): Promise<T> {
  try {
    return parse()
  } catch (error) {
    if (error instanceof SealError) throw unavailable(error.message, error)
    if (!(error instanceof SettingsError)) throw error
    const sentence = `The setting "${error.field}" cannot be used: ${error.message}`
    if (inbox.enabled) await markBadCredentials(ctx.db, inbox, sentence)
    throw new ChannelError({ kind: 'auth' }, sentence, { cause: error })
  }
}

function unavailable(sentence: string, cause?: unknown): ChannelError {
  return new ChannelError({ kind: 'unavailable' }, sentence, { cause })
}
