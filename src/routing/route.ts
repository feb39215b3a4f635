import type { Queryable } from '../store/database.ts'
import { type RouteRequest, routeToQueues } from '../store/routing.ts'
import { applyRules, type RuleContext } from './apply-rules.ts'

/**
 * T2: who deals with it. First the rules are asked; then the queue of its team has it, unless somebody does already.
 * `requests` stand in the payloads of 'route' jobs. Without `rules` none are asked.
 */
export async function route(
  tx: Queryable,
  requests: readonly RouteRequest[],
  rules: RuleContext | null = null,
): Promise<void> {
  if (rules)
    await applyRules(
      tx,
      rules,
      requests.map((request) => ({ ...request, kind: 'message' })),
    )
  await routeToQueues(tx, requests)
}

export function routeRequest(payload: Readonly<Record<string, unknown>>): RouteRequest | null {
  const { messageId, conversationId } = payload
  return typeof messageId === 'string' && typeof conversationId === 'string' ? { messageId, conversationId } : null
}
