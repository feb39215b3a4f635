import { type Queryable, together } from './database.ts'
import { notify } from './feed-insert.ts'

export interface RouteRequest {
  readonly messageId: string
  readonly conversationId: string
}

/** Gives conversations that nobody has to the queue of their inbox's team. */
export async function routeToQueues(tx: Queryable, requests: readonly RouteRequest[]): Promise<void> {
  const conversationIds = [...new Set(requests.map((request) => request.conversationId))]
  await together([
    tx.query({ name: 'route-queue', text: QUEUE, values: [conversationIds] }),
    tx.query({ name: 'route-had', text: HAD, values: [conversationIds] }),
  ])
}

/** Says of each message that it was routed, once, however often it is asked (the feed's unique index). */
export async function tellRouted(tx: Queryable, requests: readonly RouteRequest[]): Promise<void> {
  const messageIds = requests.map((request) => request.messageId)
  await together([tx.query({ name: 'route-told', text: TOLD, values: [messageIds] }), notify(tx, ['feed'])])
}

// Somebody had taken it before anybody looked.
const HAD = `update conversation set routed_at = now() where id = any($1::bigint[]) and routed_at is null`

// Without a version: what a screen shows of a conversation changed before, with the row of QUEUE, or not at all.
const TOLD = `insert into feed (kind, inbox_id, conversation_id, message_id, data)
  select 'routed', c.inbox_id, c.id, m.id,
      jsonb_build_object('holder', c.holder, 'teamId', c.team_id::text, 'agentId', c.assignee_id::text)
    from unnest($1::bigint[]) with ordinality r (message_id, n)
    join message m on m.id = r.message_id join conversation c on c.id = m.conversation_id order by r.n
  on conflict (message_id) where kind = 'routed' do nothing`

const QUEUE = `with free as (
    select c.id, coalesce(c.team_id, i.team_id) as team_id from conversation c join inbox i on i.id = c.inbox_id
     where c.id = any($1::bigint[]) and c.holder = 'queue' and c.assignee_id is null
       and not exists (select 1 from assignment a where a.conversation_id = c.id and a.until is null)
     order by c.id for no key update of c),
  moved as (
    update conversation c set version = c.version + 1, team_id = free.team_id, routed_at = now() from free where c.id = free.id
    returning c.id, c.inbox_id, c.version, c.last_seq, c.team_id),
  assigned as (
    insert into assignment (conversation_id, team_id, assigned_by, why)
    select id, team_id, 'router', case when team_id is null then 'noTeam' else 'inboxTeam' end from moved),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'routed', 'router', jsonb_build_object('holder', 'queue', 'teamId', team_id::text) from moved)
  insert into feed (kind, inbox_id, conversation_id, version)
  select 'conversation.updated', inbox_id, id, version from moved`
