import type { Queryable } from './database.ts'

export interface FollowUp {
  readonly conversationId: string
  readonly wordId: string
  readonly remindAt: Date
}

/** Of these conversations: whom to remind when, and nobody else. What was said after the same word is not said again. */
export async function setFollowUps(
  tx: Queryable,
  conversationIds: readonly string[],
  wanted: readonly FollowUp[],
): Promise<void> {
  await tx.query({
    name: 'follow-up-drop',
    text: `delete from follow_up where conversation_id = any($1::bigint[]) and conversation_id <> all($2::bigint[])`,
    values: [conversationIds, wanted.map((one) => one.conversationId)],
  })
  if (wanted.length === 0) return
  await tx.query({
    name: 'follow-up-set',
    text: `insert into follow_up as f (conversation_id, word_id, remind_at)
      select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[])
      on conflict (conversation_id) do update set word_id = excluded.word_id, remind_at = excluded.remind_at,
          notice_id = null, resolve_at = null
        where f.word_id <> excluded.word_id or (f.remind_at is not null and f.remind_at <> excluded.remind_at)`,
    values: [
      wanted.map((one) => one.conversationId),
      wanted.map((one) => one.wordId),
      wanted.map((one) => one.remindAt),
    ],
  })
}

export interface DueReminder {
  readonly conversationId: string
  readonly wordId: string
  /** The customer's newest message: whom it is for, and where. */
  readonly askedBy: string | null
  readonly language: string | null
  /** null: nothing is resolved by itself. */
  readonly resolveAfterHours: number | null
}

export async function dueReminders(q: Queryable, now: Date, limit: number): Promise<DueReminder[]> {
  const { rows } = await q.query({
    name: 'follow-up-reminders',
    text: `select f.conversation_id as "conversationId", f.word_id as "wordId", a.id as "askedBy",
        coalesce(k.language, c.language) as language, i.resolve_after_hours as "resolveAfterHours"
      from (select * from follow_up where remind_at <= $1 order by remind_at limit $2) f
      join conversation c on c.id = f.conversation_id join inbox i on i.id = c.inbox_id
      left join lateral (select m.id, m.sender_identity_id from message m
        where m.conversation_id = c.id and m.direction = 'in' and m.deleted_at is null order by m.seq desc limit 1) a on true
      left join identity n on n.id = a.sender_identity_id left join contact k on k.id = n.contact_id
      order by f.remind_at`,
    values: [now, limit],
  })
  return rows as DueReminder[]
}

type Said = Pick<FollowUp, 'conversationId' | 'wordId'>

/** `resolveAt`: as announced; null: never by itself. */
export async function noteReminder(
  q: Queryable,
  { conversationId, wordId }: Said,
  said: { readonly noticeId: string; readonly resolveAt: Date | null } | null,
): Promise<void> {
  await q.query({
    name: 'follow-up-said',
    text: `update follow_up set remind_at = null, notice_id = $3, resolve_at = $4 where conversation_id = $1 and word_id = $2`,
    values: [conversationId, wordId, said?.noticeId ?? null, said?.resolveAt ?? null],
  })
}

export async function postponeReminder(q: Queryable, { conversationId, wordId }: Said, at: Date): Promise<void> {
  await q.query({
    name: 'follow-up-later',
    text: 'update follow_up set remind_at = $3 where conversation_id = $1 and word_id = $2 and remind_at is not null',
    values: [conversationId, wordId, at],
  })
}

export async function dueResolutions(q: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await q.query({
    name: 'follow-up-resolutions',
    text: 'select conversation_id as id from follow_up where resolve_at <= $1 order by resolve_at limit $2',
    values: [now, limit],
  })
  return rows.map(({ id }: { id: string }) => id)
}

/** Whether it is still the customer's turn, as it was when `wordId` was said. Under the conversation's lock. */
export async function stillSilent(tx: Queryable, { conversationId, wordId }: Said): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'follow-up-silent',
    text: `select from conversation c join message w on w.id = $2 and w.conversation_id = c.id
      where c.id = $1 and c.status = case c.holder when 'bot' then 'open' else 'waiting' end
        and w.sender_type = case c.holder when 'bot' then 'bot' else 'agent' end
        and c.failed_sends = 0 and c.unconfirmed_sends = 0
        and not exists (select from message m where m.conversation_id = c.id and m.seq > w.seq
          and (m.direction = 'out' and m.sender_type in ('agent', 'bot') or m.direction = 'in' and not (c.holder = 'bot'
            and exists (select from bot_turn r where r.message_id = m.id and r.outcome = 'thanked'))))`,
    values: [conversationId, wordId],
  })
  return rowCount === 1
}
