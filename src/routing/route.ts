import type { Queryable } from '../store/database.ts'
import { type RouteRequest, routeToQueues } from '../store/routing.ts'

/**
 * T2: who deals with it. So far the queue of the inbox's team does, unless somebody has the conversation already; the bot and
 * agents come with their own rules. `requests` stand in the payloads of 'route' jobs.
 */
export async function route(tx: Queryable, requests: readonly RouteRequest[]): Promise<void> {
  await routeToQueues(tx, requests)
}

export function routeRequest(payload: Readonly<Record<string, unknown>>): RouteRequest | null {
  const { messageId, conversationId } = payload
  return typeof messageId === 'string' && typeof conversationId === 'string' ? { messageId, conversationId } : null
}
