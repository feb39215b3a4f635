import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

export interface RouteRequest {
  readonly messageId: string
  readonly conversationId: string
}

/**
 * Gives conversations that nobody has to the queue of their inbox's team, and says of each message that it was routed, once,
 * however often it is asked (the feed's unique index).
 */
export async function routeToQueues(tx: Queryable, requests: readonly RouteRequest[]): Promise<void> {
  const conversationIds = [...new Set(requests.map((request) => request.conversationId))]
  await tx.query({
    name: 'route-lock',
    text: 'select id from conversation where id = any($1::bigint[]) order by id for no key update',
    values: [conversationIds],
  })
  await tx.query({ name: 'route-queue', text: QUEUE, values: [conversationIds] })
  const { rows } = await tx.query({
    name: 'route-facts',
    text: `select r.message_id as "messageId", c.id as "conversationId", c.inbox_id as "inboxId", c.version, c.holder,
        c.team_id as "teamId", c.assignee_id as "agentId"
      from unnest($1::bigint[], $2::bigint[]) with ordinality r (message_id, conversation_id, n)
      join message m on m.id = r.message_id join conversation c on c.id = m.conversation_id order by r.n`,
    values: [requests.map((request) => request.messageId), requests.map((request) => request.conversationId)],
  })
  await insertFeed(
    tx,
    rows.map(({ holder, teamId, agentId, ...at }: RoutedRow) => ({
      kind: 'routed',
      ...at,
      data: { holder, teamId, agentId },
    })),
  )
  await notify(tx, ['feed'])
}

interface RoutedRow extends RouteRequest {
  readonly inboxId: string
  readonly version: string
  readonly holder: string
  readonly teamId: string | null
  readonly agentId: string | null
}

const QUEUE = `with free as (
    select c.id, coalesce(c.team_id, i.team_id) as team_id from conversation c join inbox i on i.id = c.inbox_id
     where c.id = any($1::bigint[]) and c.holder = 'queue' and c.assignee_id is null
       and not exists (select 1 from assignment a where a.conversation_id = c.id and a.until is null)),
  moved as (
    update conversation c set version = c.version + 1, team_id = free.team_id from free where c.id = free.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.team_id),
  assigned as (
    insert into assignment (conversation_id, team_id, assigned_by, why)
    select id, team_id, 'router', case when team_id is null then 'noTeam' else 'inboxTeam' end from moved),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'routed', 'router', jsonb_build_object('holder', 'queue', 'teamId', team_id::text) from moved)
  insert into feed (kind, inbox_id, conversation_id, version)
  select 'conversation.updated', inbox_id, id, version from moved`
