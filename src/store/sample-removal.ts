import type { Queryable } from './database.ts'
import type { SampleRecord } from './sample.ts'

/**
 * Numbers of conversations in which the sample and somebody's own work have become one: they were merged, or a visitor of the
 * sample's website goes on in a mailbox of theirs.
 */
export async function entangled(tx: Queryable, inboxIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query(
    `select distinct c.number from thread t join message m on m.thread_id = t.id join conversation c on c.id = m.conversation_id
      where t.inbox_id = any($1::bigint[]) and c.inbox_id <> all($1::bigint[])
     union select c.number from conversation c join message m on m.conversation_id = c.id join thread t on t.id = m.thread_id
      where c.inbox_id = any($1::bigint[]) and t.inbox_id <> all($1::bigint[])
     union select c.number from conversation c join conversation i on i.id = c.merged_into
      where (c.inbox_id = any($1::bigint[])) <> (i.inbox_id = any($1::bigint[])) order by 1`,
    [inboxIds],
  )
  return (rows as { number: string }[]).map(({ number }) => number)
}

/** Its inboxes with every word in them, whoever said it. Nothing is received or written there meanwhile: the inboxes are held. */
export async function deleteInboxes(tx: Queryable, inboxIds: readonly string[]): Promise<void> {
  const held = 'inbox_id = any($1::bigint[])'
  await tx.query('select from inbox where id = any($1::bigint[]) order by id for update', [inboxIds])
  const { rows } = await tx.query(
    `select distinct p.identity_id as id from participant p join thread t on t.id = p.thread_id where t.${held}
     union select opener_identity_id from conversation where ${held} and opener_identity_id is not null`,
    [inboxIds],
  )
  const identities = (rows as { id: string }[]).map(({ id }) => id)
  const steps = [
    `delete from job where lane in (select 'conversation:' || id from conversation where ${held})`,
    `delete from delivery where ${held}`,
    `update thread set conversation_id = null, continues_id = null where ${held}`,
    `delete from inbound_event where ${held}`,
    `delete from message where thread_id in (select id from thread where ${held})`,
    `update conversation set merged_into = null where ${held}`,
    `delete from conversation where ${held}`,
    `delete from visitor where ${held}`,
    `delete from identity_picture where ${held}`,
    `delete from thread where ${held}`,
  ]
  for (const step of steps) await tx.query(step, [inboxIds])
  await deletePeople(tx, identities)
  await tx.query('delete from inbox where id = any($1::bigint[])', [inboxIds])
}

/** Accounts that only wrote there, and the persons nothing else is known of. */
async function deletePeople(tx: Queryable, identities: readonly string[]): Promise<void> {
  const { rows } = await tx.query(
    `delete from identity n where n.id = any($1::bigint[]) and not exists (select from participant p where p.identity_id = n.id)
     returning n.contact_id as id`,
    [identities],
  )
  const contacts = (rows as { id: string }[]).map(({ id }) => id)
  const alone = 'not exists (select from identity n where n.contact_id = k.id)'
  await tx.query(
    `delete from erasure e using contact k where k.id = e.contact_id and k.id = any($1::bigint[]) and ${alone}`,
    [contacts],
  )
  await tx.query(`delete from contact k where k.id = any($1::bigint[]) and ${alone}`, [contacts])
}

/** What people used of it elsewhere is without it then: a case without a topic, a category that has other articles stays. */
export async function deleteGround(tx: Queryable, record: SampleRecord): Promise<void> {
  const steps: (readonly [statement: string, ids: readonly string[]])[] = [
    ['delete from rule where id = any($1::bigint[])', record.rules],
    ['delete from macro where id = any($1::bigint[])', record.macros],
    ['delete from sla_policy where id = any($1::bigint[])', record.policies],
    [
      `delete from business_hours b where id = any($1::bigint[])
        and not exists (select from sla_policy p where p.business_hours_id = b.id)`,
      record.hours,
    ],
    ['delete from article where id = any($1::bigint[])', record.articles],
    [
      `delete from article_category c where id = any($1::bigint[])
        and not exists (select from article a where a.category_id = c.id)`,
      record.categories,
    ],
    ['delete from team where id = any($1::bigint[])', record.teams],
    ['delete from agent where id = any($1::bigint[])', record.agents],
    ['delete from topic where id = any($1::bigint[])', record.topics],
    ['delete from tag where name = any($1::text[])', record.tags],
  ]
  for (const [statement, ids] of steps) await tx.query(statement, [ids])
}
