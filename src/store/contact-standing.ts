import type { Queryable } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

interface Merge {
  readonly mergeId: string
  readonly keptId: string
  readonly mergedId: string
}

/** Who goes first goes first under another name as well, and is known by the same people: whom the kept person had comes before. */
export async function bringStanding(tx: Queryable, { mergeId, keptId, mergedId }: Merge): Promise<void> {
  const { rows } = await tx.query(
    `with came as (insert into contact_owner (contact_id, agent_id, rank)
        select $1, o.agent_id, row_number() over (order by o.rank) + coalesce((select max(rank) from contact_owner where contact_id = $1), -1)
          from contact_owner o where o.contact_id = $2 and not exists (select from contact_owner h
            where h.contact_id = $1 and h.agent_id = o.agent_id)
        returning agent_id)
      select coalesce(jsonb_agg(agent_id::text), '[]') as owners,
        (select m.vip and not k.vip from contact k, contact m where k.id = $1 and m.id = $2) as vip from came`,
    [keptId, mergedId],
  )
  const [brought] = rows as { owners: string[]; vip: boolean }[]
  if (!brought) return
  if (brought.vip) await tx.query('update contact set vip = true where id = $1', [keptId])
  await tx.query('update contact_merge set brought = $2 where id = $1', [mergeId, JSON.stringify(brought)])
}

/** What this merge brought, and later ones took along from there, goes with it; what somebody has by themselves stays. */
export async function returnStanding(tx: Queryable, mergeId: string): Promise<void> {
  await tx.query(
    `with recursive up as (
        select kept_id as id from contact_merge where id = $1 and (brought ->> 'vip')::boolean
        union all select m.kept_id from up join contact_merge m on m.merged_id = up.id and m.undone_at is null
          and (m.brought ->> 'vip')::boolean)
      update contact set vip = false where id in (select id from up)`,
    [mergeId],
  )
  await tx.query(
    `with recursive up as (
        select m.kept_id as id, o.agent from contact_merge m, jsonb_array_elements_text(m.brought -> 'owners') o (agent) where m.id = $1
        union all select m.kept_id, up.agent from up join contact_merge m on m.merged_id = up.id and m.undone_at is null
          and m.brought -> 'owners' ? up.agent)
      delete from contact_owner o using up where o.contact_id = up.id and o.agent_id = up.agent::bigint`,
    [mergeId],
  )
}

interface Spoken {
  readonly contactId: string
  readonly language: string
  /** Whose version has risen with it already. */
  readonly raised: readonly string[]
}

/** Somebody said how this person speaks: what of theirs is not finished asks for other people now. */
export async function speakLanguage(tx: Queryable, { contactId, language, raised }: Spoken): Promise<void> {
  const { rows } = await tx.query(
    `with theirs as (select c.id from identity n join conversation c on c.opener_identity_id = n.id
        where n.contact_id = $1 and c.status <> 'resolved' order by c.id for no key update of c)
      update conversation c set language = $2,
          version = version + case when c.id = any($3::bigint[]) then 0 else 1 end from theirs
       where c.id = theirs.id and c.language is distinct from $2
      returning c.id as "conversationId", c.inbox_id as "inboxId", c.version`,
    [contactId, language.toLowerCase().split('-')[0] ?? language, raised],
  )
  const changed = rows as { conversationId: string; inboxId: string; version: string }[]
  await insertFeed(
    tx,
    changed
      .filter(({ conversationId }) => !raised.includes(conversationId))
      .map((row) => ({ kind: 'conversation.updated', ...row })),
  )
  await notify(tx, ['feed', 'queue'])
}
