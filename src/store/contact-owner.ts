import { type Database, type Queryable, transaction } from './database.ts'
import { insertFeed, notify } from './feed-insert.ts'

/** Of `contact k`: said by hand, or by the website that vouches for them. */
export const isVip = `(k.vip or exists (select from identity s where s.contact_id = k.id and s.verified_by is not null
  and s.profile ->> 'vip' = 'true'))`

/** Of `contact k`: goes first in queues. */
export const goesFirst = `(${isVip} or exists (select from contact_owner o where o.contact_id = k.id))`

export async function ownersOf(q: Queryable, contactId: string): Promise<string[]> {
  const { rows } = await q.query('select agent_id as id from contact_owner where contact_id = $1 order by rank', [
    contactId,
  ])
  return rows.map((row: { id: string }) => row.id)
}

/** The whole list, the owner first. False: somebody of them is nobody who works here. */
export function setOwners(db: Database, contactId: string, agentIds: readonly string[]): Promise<boolean> {
  return transaction(db, async (tx) => {
    await tx.query('select from contact where id = $1 for no key update', [contactId])
    const { rowCount } = await tx.query('select from agent where id = any($1::bigint[]) and active', [agentIds])
    if (rowCount !== new Set(agentIds).size) return false
    await tx.query('delete from contact_owner where contact_id = $1', [contactId])
    await tx.query(
      `insert into contact_owner (contact_id, agent_id, rank)
        select $1, w.id, min(w.n) - 1 from unnest($2::bigint[]) with ordinality w(id, n) group by w.id`,
      [contactId, agentIds],
    )
    await moveInQueues(tx, [contactId])
    return true
  })
}

/** The caller has asked whether they may be seen. */
export function setVip(db: Database, contactId: string, vip: boolean): Promise<void> {
  return transaction(db, async (tx) => {
    await tx.query('update contact set vip = $2 where id = $1 and erased_at is null', [contactId, vip])
    await moveInQueues(tx, [contactId])
  })
}

/** What of these people's is not finished may stand elsewhere in its queue now. `raised`: whose version has risen with it already. */
export async function moveInQueues(
  tx: Queryable,
  contactIds: readonly string[],
  { raised = [] }: { readonly raised?: readonly string[] } = {},
): Promise<void> {
  const { rows } = await tx.query(
    `with theirs as (select c.id, ${goesFirst} as first from contact k join identity n on n.contact_id = k.id
        join conversation c on c.opener_identity_id = n.id
        where k.id = any($1::bigint[]) and c.status <> 'resolved' order by c.id for no key update of c)
      update conversation c set vip = theirs.first,
          version = version + case when c.id = any($2::bigint[]) then 0 else 1 end from theirs
       where c.id = theirs.id and c.vip <> theirs.first
      returning c.id as "conversationId", c.inbox_id as "inboxId", c.version`,
    [contactIds, raised],
  )
  const moved = rows as { conversationId: string; inboxId: string; version: string }[]
  await insertFeed(
    tx,
    moved
      .filter(({ conversationId }) => !raised.includes(conversationId))
      .map((row) => ({ kind: 'conversation.updated', ...row })),
  )
  await notify(tx, ['feed', 'queue'])
}
