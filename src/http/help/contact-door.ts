import type { ChannelAdapter, DescribedInbox, OpenInbox, VisitorDoor } from '../../channel/contract.ts'
import { ChannelError } from '../../channel/errors.ts'
import { writesLetters } from '../../channel/writes-letters.ts'
import { getInbox } from '../../store/inbox.ts'
import type { HttpDeps } from '../deps.ts'
import type { FileLimits } from './contact-body.ts'

/** Into which inbox the form writes, and how its answers leave. */
export type ContactDoor = { readonly limits: FileLimits; readonly inboxId: string } & (
  | { readonly kind: 'letters'; readonly mail: DescribedInbox }
  | { readonly kind: 'visitors'; readonly open: OpenInbox; readonly door: VisitorDoor }
)

const mostFiles = 5
const mostBytes = 20_000_000

/** null: the settings name none, or one that is gone, switched off, or cannot be answered. */
export async function contactDoor(deps: HttpDeps, inboxId: string | null): Promise<ContactDoor | null> {
  const row = inboxId === null ? null : await getInbox(deps.db.pool, inboxId)
  if (row?.enabled !== true) return null
  try {
    const mail = await deps.connections.describe(row.id)
    const limits = limitsOf(mail.adapter, mail.settings)
    if (writesLetters(mail.adapter, mail.settings)) return { kind: 'letters', inboxId: row.id, mail, limits }
    const open = await deps.connections.get(row.id)
    const door = open.connection.visitors
    return door ? { kind: 'visitors', inboxId: row.id, open, door, limits } : null
  } catch (error) {
    if (error instanceof ChannelError) return null
    throw error
  }
}

function limitsOf(adapter: ChannelAdapter, settings: unknown): FileLimits {
  const { maxBytes, maxPerMessage } = adapter.capabilities(settings).attachments
  return { most: Math.min(maxPerMessage, mostFiles), bytes: Math.min(maxBytes, mostBytes) }
}
