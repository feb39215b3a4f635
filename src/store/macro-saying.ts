import type { Queryable } from './database.ts'

export interface MacroSaying {
  readonly text: string
  readonly conversationId: string
  readonly number: string
  /** null: others read as well. */
  readonly contactName: string | null
}

/** What a rule says in answer to a message; null: macro or message are gone, or it is nobody's but a few people's macro. */
export async function macroSaying(
  q: Queryable,
  wish: { readonly macroId: string; readonly messageId: string },
): Promise<MacroSaying | null> {
  const { rows } = await q.query(
    `select o.text, c.id as "conversationId", c.number,
        case when t.audience = 'private' then coalesce(nullif(k.name, ''), n.name) end as "contactName"
      from message m join conversation c on c.id = m.conversation_id join thread t on t.id = m.thread_id
      join macro o on o.id = $2 and o.owner_id is null and o.team_id is null and o.text <> ''
      left join identity n on n.id = m.sender_identity_id left join contact k on k.id = n.contact_id
      where m.id = $1 and m.direction = 'in'`,
    [wish.messageId, wish.macroId],
  )
  return (rows[0] as MacroSaying | undefined) ?? null
}
