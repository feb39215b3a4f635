import { replyWay } from '../store/reply.ts'
import type { HttpDeps } from './deps.ts'

/** Platforms show it for five seconds and more; said more often it would only eat into their limits, ms. */
export const PLATFORM_TYPING_MS = 4_000

/** The customer sees in their own app that somebody writes. A courtesy: whatever goes wrong is nobody's trouble. */
export async function typeAtPlatform(
  { db, connections }: Pick<HttpDeps, 'db' | 'connections'>,
  conversationId: string,
): Promise<void> {
  try {
    const way = await replyWay(db.pool, conversationId, null)
    if (!way) return
    const { key, kind, audience, place, inboxId } = way
    const thread = { key, kind, audience, place }
    const { adapter, settings } = await connections.describe(inboxId)
    const { out } = adapter.capabilities(settings, thread).typing
    if (out !== 'full' && out !== 'partial') return
    const { connection } = await connections.get(inboxId)
    await connection.showTyping?.(thread)
  } catch {
    // The reply itself will tell what is wrong.
  }
}
