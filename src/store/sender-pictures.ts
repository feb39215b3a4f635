import type { Queryable } from './database.ts'

/** `offered`: an agent may say so for its sender. null: never, as nobody vouches for the sender. */
export type SenderPictures = 'always' | 'offered' | null

// Each letter by itself: whoever writes in the name of a trusted sender gets nothing of that trust. DMARC and nothing less, since SPF
// alone proves an address that nobody sees; and of the very address whose identity is trusted.
const vouched = `m.direction = 'in' and m.letter #>> '{authentication,dmarc}' = 'pass'
  and lower(m.letter #>> '{from,address}') = i.profile #>> '{email,address}'`

export async function senderPicturesOf(q: Queryable, messageId: string): Promise<SenderPictures> {
  const { rows } = await q.query(
    `select case when i.pictures_since is null then 'offered' else 'always' end as pictures
       from message m join identity i on i.id = m.sender_identity_id where m.id = $1 and ${vouched}`,
    [messageId],
  )
  return (rows[0] as { pictures: 'always' | 'offered' } | undefined)?.pictures ?? null
}

/** false: not for a letter whose sender nobody vouches for. Taking it back is always possible. */
export async function setSenderPictures(q: Queryable, messageId: string, always: boolean): Promise<boolean> {
  const { rowCount } = await q.query(
    `update identity i set pictures_since = case when $2 then coalesce(i.pictures_since, now()) end
       from message m where m.id = $1 and i.id = m.sender_identity_id and (not $2::boolean or (${vouched}))`,
    [messageId, always],
  )
  return rowCount === 1 || !always
}

/** Somebody writes in their name: an agent has to say it anew. */
export async function distrustPictures(tx: Queryable, identityIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'identity-distrust',
    text: `update identity set pictures_since = null where id = any($1::bigint[]) and pictures_since is not null`,
    values: [identityIds],
  })
}
