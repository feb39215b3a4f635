import type { Queryable } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { type RouteRequest, routeToQueues, tellRouted } from '../store/routing.ts'
import { assignWaiting } from './assign-waiting.ts'
import { learnOf } from './learn.ts'

/**
 * T2: who deals with it. What is told of it is learned, then it stands in the queue of its team unless somebody has it already,
 * then whatever waits is given to who has room: the new one only when nothing comes before it. `requests` stand in the payloads
 * of 'route' jobs.
 */
export async function route(tx: Queryable, requests: readonly RouteRequest[], now: Date): Promise<void> {
  await learnOf(tx, requests)
  await routeToQueues(tx, requests)
  const { more } = await assignWaiting(tx, now)
  await tellRouted(tx, requests)
  if (more) await notify(tx, ['queue'])
}

export function routeRequest(payload: Readonly<Record<string, unknown>>): RouteRequest | null {
  const { messageId, conversationId } = payload
  return typeof messageId === 'string' && typeof conversationId === 'string' ? { messageId, conversationId } : null
}
