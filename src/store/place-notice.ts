import type { ExpectedWait } from '../domain/notice-words.ts'
import type { Queryable } from './database.ts'
import { isWaiting } from './queue-order.ts'

export interface SaidPlace {
  readonly place: number
  readonly wait: ExpectedWait | null
}

/** This message tells a place, or may once it is known. */
export async function notePlaceNotice(
  q: Queryable,
  said: { conversationId: string; messageId: string; queue: SaidPlace | null; now: Date },
): Promise<void> {
  const { conversationId, messageId, queue, now } = said
  await q.query({
    name: 'place-notice-new',
    text: `insert into place_notice (conversation_id, message_id, place, low, high, looked_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (conversation_id) do update set message_id = excluded.message_id, place = excluded.place, low = excluded.low,
        high = excluded.high, looked_at = excluded.looked_at where place_notice.message_id < excluded.message_id`,
    values: [conversationId, messageId, queue?.place ?? null, queue?.wait?.low ?? null, queue?.wait?.high ?? null, now],
  })
}

export interface PlaceNotice {
  readonly conversationId: string
  readonly messageId: string
  /** As it was said last; null: nothing. */
  readonly said: SaidPlace | null
  readonly text: string
  readonly waits: boolean
  readonly teamId: string | null
  readonly sees: string | null
  readonly language: string | null
}

/** Those nobody looked at since `before`; whoever gets one looks at it, nobody else until then. */
export async function takePlaceNotices(
  q: Queryable,
  { now, before, limit }: { readonly now: Date; readonly before: Date; readonly limit: number },
): Promise<PlaceNotice[]> {
  const { rows } = await q.query({
    name: 'place-notice-take',
    text: `with due as (
        select conversation_id from place_notice where looked_at <= $2 order by looked_at limit $3 for update skip locked),
      taken as (
        update place_notice p set looked_at = $1 from due where p.conversation_id = due.conversation_id returning p.*)
      select p.conversation_id as "conversationId", p.message_id as "messageId", m.text, ${isWaiting} as waits,
          c.team_id as "teamId", t.customer_sees as sees, coalesce(k.language, c.language) as language,
          case when p.place is not null then json_build_object('place', p.place, 'wait',
            case when p.low is not null then json_build_object('low', p.low, 'high', p.high) end) end as said
        from taken p join conversation c on c.id = p.conversation_id join message m on m.id = p.message_id
        left join team t on t.id = c.team_id
        left join identity n on n.id = c.opener_identity_id left join contact k on k.id = n.contact_id`,
    values: [now, before, limit],
  })
  return rows as PlaceNotice[]
}

export async function setSaidPlace(q: Queryable, conversationId: string, said: SaidPlace | null): Promise<void> {
  await q.query({
    name: 'place-notice-said',
    text: 'update place_notice set place = $2, low = $3, high = $4 where conversation_id = $1',
    values: [conversationId, said?.place ?? null, said?.wait?.low ?? null, said?.wait?.high ?? null],
  })
}

export async function endPlaceNotice(q: Queryable, conversationId: string): Promise<void> {
  await q.query({
    name: 'place-notice-end',
    text: 'delete from place_notice where conversation_id = $1',
    values: [conversationId],
  })
}

/** Under the conversation's lock. */
export async function stillWaits(tx: Queryable, conversationId: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'place-notice-waits',
    text: `select from conversation c where c.id = $1 and ${isWaiting}`,
    values: [conversationId],
  })
  return rowCount === 1
}
