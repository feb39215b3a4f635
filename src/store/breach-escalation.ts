import type { PromiseKind } from '../domain/promise.ts'
import type { Queryable } from './database.ts'
import type { ToldPromise } from './promise-told.ts'

export interface BreachEscalation {
  readonly conversationId: string
  readonly promiseId: string
  readonly kind: PromiseKind
  readonly tier: 2 | 3
}

/**
 * Which of these late answers take their case to the next level that somebody of its team, or of who helps out, serves: where the
 * policy says so, and once for each promise, however often its time is reckoned anew.
 */
export async function breachEscalations(tx: Queryable, broken: readonly ToldPromise[]): Promise<BreachEscalation[]> {
  const { rows } = await tx.query({
    name: 'breach-escalations',
    text: ESCALATIONS,
    values: [
      broken.map((one) => one.conversationId),
      broken.map((one) => one.id),
      broken.map((one) => one.kind),
      broken.map((one) => one.policyId),
    ],
  })
  return rows as BreachEscalation[]
}

const ESCALATIONS = `select distinct on (c.id) c.id as "conversationId", w.promise_id as "promiseId", w.kind, next.tier
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) w (conversation_id, promise_id, kind, policy_id)
  join sla_policy p on p.id = w.policy_id and p.escalates
  join conversation c on c.id = w.conversation_id join team t on t.id = c.team_id
  join lateral (select min(l.tier) as tier from (values (2), (3)) l (tier)
    where l.tier > c.tier and exists (select from team_member m join agent a on a.id = m.agent_id
      where m.team_id in (t.id, t.overflow_team_id) and a.active and l.tier = any(a.tiers))) next on next.tier is not null
  where w.kind in ('firstResponse', 'nextResponse') and not exists (select from assignment a
    where a.conversation_id = c.id and a.why = 'breached' and a.details ->> 'promiseId' = w.promise_id::text)
  order by c.id, w.promise_id`
