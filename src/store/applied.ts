import type { Queryable } from './database.ts'

/** Who has spoken in which thread; joins and later audiences rely on it. */
export async function addParticipants(
  tx: Queryable,
  pairs: readonly { threadId: string; identityId: string }[],
): Promise<void> {
  const distinct = [...new Map(pairs.map((p) => [`${p.threadId} ${p.identityId}`, p])).values()]
  if (distinct.length === 0) return
  await tx.query({
    name: 'participant-add',
    text: `insert into participant (thread_id, identity_id) select * from unnest($1::bigint[], $2::bigint[])
      on conflict do nothing`,
    values: [distinct.map((p) => p.threadId), distinct.map((p) => p.identityId)],
  })
}

export interface NewActivity {
  readonly conversationId: string
  readonly version: bigint
  readonly afterSeq: bigint
  readonly kind: string
  readonly actor: string
  readonly data: Record<string, unknown>
}

export async function insertActivities(tx: Queryable, rows: readonly NewActivity[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into activity (conversation_id, version, after_seq, kind, actor, data)
     select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[])`,
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

/** One job a message, in the message's own transaction; a conversation's jobs run one after another. */
export async function enqueueRoutes(
  tx: Queryable,
  routes: readonly { messageId: string; conversationId: string }[],
): Promise<void> {
  if (routes.length === 0) return
  await tx.query({
    name: 'job-route',
    text: `insert into job (kind, lane, payload)
      select 'route', 'conversation:' || c, jsonb_build_object('messageId', m, 'conversationId', c)
        from unnest($1::text[], $2::text[]) r(m, c)`,
    values: [routes.map((r) => r.messageId), routes.map((r) => r.conversationId)],
  })
}
