import { goesFirst } from './contact-owner.ts'
import type { Queryable } from './database.ts'

export interface TextOfUnknown {
  readonly conversationId: string
  readonly text: string
  /** As far as it is known. */
  readonly language: string | null
}

/** The newest first. */
export async function textsToLearnFrom(tx: Queryable, messageIds: readonly string[]): Promise<TextOfUnknown[]> {
  const { rows } = await tx.query({
    name: 'learn-texts',
    text: `select m.conversation_id as "conversationId", left(m.text, 2000) as text, c.language
      from unnest($1::bigint[]) w(id) join message m on m.id = w.id
      join conversation c on c.id = m.conversation_id where m.direction = 'in' order by m.id desc`,
    values: [messageIds],
  })
  return rows as TextOfUnknown[]
}

/** Where their words do not tell it, what their platform says of them does. */
export async function writeLearned(
  tx: Queryable,
  learned: readonly { readonly id: string; readonly language: string | null }[],
): Promise<void> {
  await tx.query({
    name: 'learn-write',
    text: `with w as (select * from unnest($1::bigint[], $2::text[]) w(id, language)),
      known as (select c.id, c.vip, c.language, coalesce(w.language, c.language, split_part(lower(k.language), '-', 1)) as speaks,
          coalesce(${goesFirst}, false) as first
        from w join conversation c on c.id = w.id left join identity n on n.id = c.opener_identity_id
        left join contact k on k.id = n.contact_id order by c.id for no key update of c)
      update conversation c set language = known.speaks, vip = known.first from known
       where c.id = known.id and (known.vip <> known.first or known.language is distinct from known.speaks)`,
    values: [learned.map(({ id }) => id), learned.map(({ language }) => language)],
  })
}
