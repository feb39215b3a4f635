import type { Queryable } from './database.ts'

/** Minutes. */
export interface SaidPlace {
  readonly place: number
  readonly wait: { readonly low: number; readonly high: number } | null
}

/** This message tells a place, or may once it is known. */
export async function notePlaceNotice(
  q: Queryable,
  said: { conversationId: string; messageId: string; queue: SaidPlace | null; now: Date },
): Promise<void> {
  const { conversationId, messageId, queue, now } = said
  await q.query({
    name: 'place-notice-new',
    text: `insert into place_notice (conversation_id, message_id, place, low, high, said_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (conversation_id) do update set message_id = excluded.message_id, place = excluded.place, low = excluded.low,
        high = excluded.high, said_at = excluded.said_at where place_notice.message_id < excluded.message_id`,
    values: [conversationId, messageId, queue?.place ?? null, queue?.wait?.low ?? null, queue?.wait?.high ?? null, now],
  })
}
