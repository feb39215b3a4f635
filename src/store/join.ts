import type { Join } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export interface JoinedThread {
  readonly key: string
  readonly kind: string
  readonly audience: 'private' | 'shared' | 'public'
  readonly place: string
  /** Its newest conversation. */
  readonly conversationId: string | null
  /** The sender has spoken or been written to there. */
  readonly takesPart: boolean
}

export interface JoinWish {
  readonly inboxId: string
  readonly channel: string
  readonly senderKey: string
  readonly join: Join
}

const thread = `t.key, t.kind, t.audience, t.place, t.conversation_id as "conversationId",
  exists (select from participant p join identity i on i.id = p.identity_id
           where p.thread_id = t.id and i.channel = $2 and i.key = $3) as "takesPart"`

/** The thread of this inbox that the join names; null: there is none. */
export async function threadOfJoin(
  tx: Queryable,
  { inboxId, channel, senderKey, join }: JoinWish,
): Promise<JoinedThread | null> {
  const about = [inboxId, channel, senderKey]
  switch (join.by) {
    case 'token':
      return one(tx, 'join-token', `select ${thread} from thread t where t.inbox_id = $1 and t.key = $4`, [
        ...about,
        join.threadKey,
      ])
    case 'delivery':
      return one(
        tx,
        'join-delivery',
        `select ${thread} from delivery d join thread t on t.id = d.thread_id where d.id = $4 and d.inbox_id = $1`,
        [...about, join.deliveryId],
      )
    case 'reference':
      return one(
        tx,
        'join-reference',
        `select ${thread} from message m join thread t on t.id = m.thread_id
          where m.external_id = $4 and m.letter is not null and t.inbox_id = $1 order by "takesPart" desc, m.id limit 1`,
        [...about, join.externalId],
      )
    case 'subject':
      return one(
        tx,
        'join-subject',
        `select ${thread} from identity s join participant x on x.identity_id = s.id join thread t on t.id = x.thread_id
            join conversation c on c.id = t.conversation_id
          where s.channel = $2 and s.key = $3 and t.inbox_id = $1 and $4 <> ''
            and c.last_activity_at > now() - make_interval(secs => $5::float8 / 1000)
            and exists (select from message m where m.thread_id = t.id and m.letter->>'subjectKey' = $4)
          order by c.last_activity_at desc limit 1`,
        [...about, join.subjectKey, join.withinMs],
      )
    default:
      return join satisfies never
  }
}

async function one(tx: Queryable, name: string, text: string, values: unknown[]): Promise<JoinedThread | null> {
  const { rows } = await tx.query({ name, text, values })
  return (rows[0] as JoinedThread | undefined) ?? null
}

/** The thread in which we sent this; null: not from this inbox. */
export async function threadOfDelivery(
  tx: Queryable,
  inboxId: string,
  deliveryId: string,
): Promise<Omit<JoinedThread, 'takesPart'> | null> {
  const { rows } = await tx.query({
    name: 'thread-of-delivery',
    text: `select t.key, t.kind, t.audience, t.place, t.conversation_id as "conversationId"
      from delivery d join thread t on t.id = d.thread_id where d.id = $2 and d.inbox_id = $1`,
    values: [inboxId, deliveryId],
  })
  return (rows[0] as Omit<JoinedThread, 'takesPart'> | undefined) ?? null
}

/** A parked event waits under the thread it turned out to belong to. */
export async function moveEvent(tx: Queryable, rowId: string, threadKey: string): Promise<void> {
  await tx.query('update inbound_event set thread_key = $2 where id = $1', [rowId, threadKey])
}
