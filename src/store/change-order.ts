import type { Queryable } from './database.ts'

/** One kind of change of one message; `whose`: the identity, where each person has a say of their own (reactions). */
export interface Change {
  readonly messageId: string
  readonly kind: 'edit' | 'reaction'
  readonly whose?: string
}

/** So that an older change of the same kind that comes later is known to be older, also where this one changed no word. */
export async function noteChange(
  tx: Queryable,
  rowId: string,
  { messageId, whose }: Omit<Change, 'kind'>,
): Promise<void> {
  await tx.query({
    name: 'inbound-event-change',
    text: 'update inbound_event set message_id = $2, target = $3 where id = $1',
    values: [rowId, messageId, whose ?? null],
  })
}

/** A newer one was applied already; lock the thread before. */
export async function isOvertaken(tx: Queryable, { messageId, kind, whose }: Change, at: Date): Promise<boolean> {
  const { rows } = await tx.query({
    name: 'inbound-event-overtaken',
    text: `select exists (select from inbound_event where message_id = $1 and kind = $2 and state = 'applied'
        and target is not distinct from $3 and occurred_at > $4) as overtaken`,
    values: [messageId, kind, whose ?? null, at],
  })
  return (rows[0] as { overtaken: boolean }).overtaken
}
