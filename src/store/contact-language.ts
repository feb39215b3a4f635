import type { Queryable } from './database.ts'

/** Of whoever began this conversation, as their platform said it; null: it did not. */
export async function contactLanguage(q: Queryable, conversationId: string): Promise<string | null> {
  const { rows } = await q.query({
    name: 'contact-language',
    text: `select k.language from conversation c join identity n on n.id = c.opener_identity_id
        join contact k on k.id = n.contact_id where c.id = $1`,
    values: [conversationId],
  })
  return (rows[0] as { language: string | null } | undefined)?.language ?? null
}
