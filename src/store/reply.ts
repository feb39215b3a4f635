import type { Audience } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

/** Where a reply would leave: the thread of what it answers, else of the customer's newest message, else the conversation's own. */
export interface ReplyWay {
  readonly inboxId: string
  readonly threadId: string
  readonly key: string
  readonly kind: string
  readonly audience: Audience
  readonly place: string
  /** The platform's id of the message answered; null: none, or it never got one. */
  readonly replyTo: string | null
  /** What is quoted where others read along and nothing was chosen: the newest that a customer said there, as far as it was seen. */
  readonly asked: { readonly id: string; readonly externalId: string } | null
  /** Its messages stand there now: answers belong there as well. */
  readonly mergedInto: string | null
  /** Everything of the person it led to was erased. */
  readonly erased: boolean
}

export async function replyWay(
  q: Queryable,
  conversationId: string,
  replyTo: string | null,
  basedOn: number | null = null,
): Promise<ReplyWay | null> {
  const { rows } = await q.query({
    name: 'reply-way',
    text: `select t.inbox_id as "inboxId", t.id as "threadId", t.key, t.kind, t.audience, t.place,
        c.merged_into as "mergedInto", t.erased_at is not null as erased,
        case when a.id is not null then coalesce(a.external_id, (select d.external_id from delivery d
          where d.message_id = a.id and d.operation = 'send' and d.external_id is not null order by d.part limit 1)) end as "replyTo",
        case when s.id is not null then json_build_object('id', s.id::text, 'externalId', s.external_id) end as asked
      from conversation c
      left join message a on a.id = $2 and a.conversation_id = c.id
      join thread t on t.id = coalesce(a.thread_id,
        (select m.thread_id from message m where m.conversation_id = c.id and m.direction = 'in' order by m.seq desc limit 1),
        c.thread_id)
      left join lateral (select m.id, m.external_id from message m
        where t.audience <> 'private' and a.id is null and m.conversation_id = c.id and m.thread_id = t.id and m.direction = 'in'
          and m.external_id is not null and m.deleted_at is null and ($3::bigint is null or m.version <= $3)
        order by m.seq desc limit 1) s on true
      where c.id = $1 and ($2::bigint is null or a.id is not null)`,
    values: [conversationId, replyTo, basedOn],
  })
  return (rows[0] as ReplyWay | undefined) ?? null
}

export async function messageByClientId(
  q: Queryable,
  authorKey: string,
  clientId: string,
): Promise<{ id: string; conversationId: string } | null> {
  const { rows } = await q.query({
    name: 'reply-by-client',
    text: `select id, conversation_id as "conversationId" from message where author_key = $1 and client_id = $2`,
    values: [authorKey, clientId],
  })
  return (rows[0] as { id: string; conversationId: string } | undefined) ?? null
}

export type ConflictCause = 'reply' | 'status' | 'assignee' | 'team' | 'customer'

/**
 * What others did after version `basedOn` that the writer must know before sending. A status the customer's own message changed
 * and what the clock did are no conflict; the customer's message itself is one only where letters are exchanged.
 */
export async function changesSince(
  tx: Queryable,
  wish: { conversationId: string; basedOn: number; agentId: string | null; actor: string; letters: boolean },
): Promise<ConflictCause[]> {
  const { rows } = await tx.query({
    name: 'reply-changes-since',
    text: `select case when m.direction = 'in' then 'customer' else 'reply' end as cause
        from message m where m.conversation_id = $1 and m.version > $2
          and ((m.direction = 'out' and m.sender_type = 'agent' and m.author_key is distinct from $4
                and (m.sender_agent_id is null or m.sender_agent_id is distinct from $3::bigint))
            or (m.direction = 'in' and not m.by_program and $5))
      union
      select case a.kind when 'statusChanged' then 'status' when 'assigned' then 'assignee' else 'team' end
        from activity a where a.conversation_id = $1 and a.version > $2
          and a.kind in ('statusChanged', 'assigned', 'teamChanged') and a.actor not in ($4, 'contact', 'system')`,
    values: [wish.conversationId, wish.basedOn, wish.agentId, wish.actor, wish.letters],
  })
  return rows.map((row: { cause: ConflictCause }) => row.cause).sort()
}

export async function setChoices(tx: Queryable, messageId: string, choices: readonly unknown[]): Promise<void> {
  await tx.query('update message set choices = $2 where id = $1', [messageId, JSON.stringify(choices)])
}

/** Who answers has read what stood there, and reads nothing new in their own words. What came after `basedOn` they have not seen. */
export async function markAnswered(
  tx: Queryable,
  at: { conversationId: string; agentId: string; seq: bigint; basedOn: number | undefined },
): Promise<void> {
  await tx.query({
    name: 'reply-mark-read',
    text: `insert into read_mark (conversation_id, agent_id, seq)
      select $1, $2, coalesce((select min(m.seq) - 1 from message m
        where m.conversation_id = $1 and m.direction = 'in' and m.version > $4), $3)
      on conflict (conversation_id, agent_id) do update set seq = greatest(read_mark.seq, excluded.seq)`,
    values: [at.conversationId, at.agentId, String(at.seq), at.basedOn ?? Number.MAX_SAFE_INTEGER],
  })
}

export async function deleteDraft(tx: Queryable, conversationId: string, agentId: string): Promise<void> {
  await tx.query({
    name: 'reply-delete-draft',
    text: 'delete from draft where conversation_id = $1 and agent_id = $2',
    values: [conversationId, agentId],
  })
}
