import type { Queryable } from './database.ts'
import { FEED_INSERT, type FeedRow, feedArrays } from './feed-insert.ts'

export interface Effects {
  readonly participants: readonly { threadId: string; identityId: string }[]
  /** Messages that ask for routing: one job each, in the message's own transaction; a conversation's run one after another. */
  readonly routes: readonly { messageId: string; conversationId: string }[]
  readonly feed: readonly FeedRow[]
}

/** Who has spoken in which thread, what is to be routed, what everybody is told: one statement, as this is the hot path. */
export async function writeEffects(tx: Queryable, effects: Effects): Promise<void> {
  const { routes, feed } = effects
  const pairs = [...new Map(effects.participants.map((p) => [`${p.threadId} ${p.identityId}`, p])).values()]
  await tx.query({
    name: 'effects-write',
    text: `with spoken as (
        insert into participant (thread_id, identity_id) select * from unnest($8::bigint[], $9::bigint[]) on conflict do nothing),
      asked as (
        insert into job (kind, lane, payload)
        select 'route', 'conversation:' || c, jsonb_build_object('messageId', m, 'conversationId', c)
          from unnest($10::text[], $11::text[]) r(m, c))
      ${FEED_INSERT}`,
    values: [
      ...feedArrays(feed),
      pairs.map((p) => p.threadId),
      pairs.map((p) => p.identityId),
      routes.map((r) => r.messageId),
      routes.map((r) => r.conversationId),
    ],
  })
}

export async function addParticipants(tx: Queryable, threadId: string, identityIds: readonly string[]): Promise<void> {
  await tx.query(
    'insert into participant (thread_id, identity_id) select $1, * from unnest($2::bigint[]) on conflict do nothing',
    [threadId, identityIds],
  )
}

export interface NewActivity {
  readonly conversationId: string
  readonly version: bigint
  readonly afterSeq: bigint
  readonly kind: string
  readonly actor: string
  readonly data: Record<string, unknown>
}

// What a person changed may set off rules, in the lane of the conversation's routing; what programs change never does.
const ASK_RULES = `insert into job (kind, lane, payload)
  select 'rules', 'conversation:' || conversation_id,
      jsonb_build_object('conversationId', conversation_id::text, 'version', version::text, 'kinds', jsonb_agg(kind order by id))
    from noted where (actor like 'agent:%' or actor = 'contact') and (select changes from rule_set)
     and kind in ('statusChanged', 'reopened', 'priorityChanged', 'tagsChanged', 'assigned', 'teamChanged')
    group by conversation_id, version order by conversation_id, version`

export async function insertActivities(tx: Queryable, rows: readonly NewActivity[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `with noted as (
       insert into activity (conversation_id, version, after_seq, kind, actor, data)
       select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[])
       returning id, conversation_id, version, kind, actor)
     ${ASK_RULES}`,
    [
      rows.map((r) => r.conversationId),
      rows.map((r) => String(r.version)),
      rows.map((r) => String(r.afterSeq)),
      rows.map((r) => r.kind),
      rows.map((r) => r.actor),
      rows.map((r) => JSON.stringify(r.data)),
    ],
  )
}
