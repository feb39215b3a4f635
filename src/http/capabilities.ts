import type { Capabilities } from '../channel/capabilities.ts'
import type { ThreadRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { replyWay } from '../store/reply.ts'
import type { HttpDeps } from './deps.ts'

interface WayOut {
  /** Of the place where a reply would leave; null while the inbox cannot be read here. */
  readonly capabilities: Capabilities | null
  readonly erased: boolean
}

export async function wayOut(deps: HttpDeps, conversationId: string): Promise<WayOut> {
  const way = await replyWay(deps.db.pool, conversationId, null)
  if (!way) return { capabilities: null, erased: false }
  const { key, kind, audience, place, erased } = way
  return { capabilities: await describedCapabilities(deps, way.inboxId, { key, kind, audience, place }), erased }
}

export async function describedCapabilities(
  deps: HttpDeps,
  inboxId: string,
  thread?: ThreadRef,
): Promise<Capabilities | null> {
  try {
    const { adapter, settings } = await deps.connections.describe(inboxId)
    return adapter.capabilities(settings, thread)
  } catch (error) {
    if (error instanceof ChannelError) return null
    throw error
  }
}
