import type { AutomaticKind } from '../domain/automatic.ts'
import { handOverFromBot } from './bot-hand-over.ts'
import type { Queryable } from './database.ts'
import { seenAs } from './team-name.ts'

/** A customer's message that may be answered automatically, with all that decides whether it is. */
export interface AskedMessage {
  readonly id: string
  readonly text: string
  readonly conversationId: string
  readonly threadId: string
  readonly inboxId: string
  readonly identityId: string
  readonly audience: 'private' | 'shared' | 'public'
  /** Answers which of our messages; null: none that we know. */
  readonly replyToId: string | null
  readonly occurredAt: Date
  readonly liveSince: Date
  readonly byProgram: boolean
  /** This person ended automation, by another message than this one. */
  readonly stopped: boolean
  readonly language: string | null
  readonly privacyUrl: string | null
  /** Nothing automatic was said in this thread so far. */
  readonly isFirst: boolean
}

/** null: it is gone, or no customer's. */
export async function askedMessage(q: Queryable, messageId: string): Promise<AskedMessage | null> {
  const { rows } = await q.query({
    name: 'asked-message',
    text: `select m.id, m.text, m.conversation_id as "conversationId", m.thread_id as "threadId", t.inbox_id as "inboxId",
        p.id as "identityId", t.audience, m.reply_to_id as "replyToId", m.occurred_at as "occurredAt",
        i.live_since as "liveSince", m.automatic or m.by_program as "byProgram",
        p.automation_stopped_at is not null and p.automation_stopped_by is distinct from m.id as stopped,
        coalesce(k.language, c.language) as language, i.privacy_url as "privacyUrl", t.automatic_at is null as "isFirst"
      from message m join thread t on t.id = m.thread_id join inbox i on i.id = t.inbox_id
      join conversation c on c.id = m.conversation_id
      join identity p on p.id = m.sender_identity_id join contact k on k.id = p.contact_id
      where m.id = $1 and m.direction = 'in' and m.deleted_at is null`,
    values: [messageId],
  })
  return (rows[0] as AskedMessage | undefined) ?? null
}

export const answeredOnce = 'automatic_answer_pkey'

/** In the transaction that writes the answer. A second answer to the same message breaks `answeredOnce`, whoever gives it. */
export async function recordAnswer(
  tx: Queryable,
  answer: { readonly askedBy: string; readonly messageId: string; readonly kind: AutomaticKind },
): Promise<void> {
  await tx.query({
    name: 'automatic-answer',
    text: `with answered as (
        insert into automatic_answer (asked_by, message_id, kind) values ($1, $2, $3) returning message_id)
      update thread set automatic_at = coalesce(automatic_at, now())
        where id = (select m.thread_id from message m where m.id = $1) and exists (select from answered)`,
    values: [answer.askedBy, answer.messageId, answer.kind],
  })
}

/** Something automatic was said there, without being asked. */
export async function markAutomatic(tx: Queryable, threadId: string): Promise<void> {
  await tx.query('update thread set automatic_at = coalesce(automatic_at, now()) where id = $1', [threadId])
}

/** The last word of each person counts; of several that say the same the first did it. */
export async function switchAutomation(
  tx: Queryable,
  switches: readonly { readonly identityId: string; readonly stoppedBy: string | null }[],
): Promise<void> {
  if (switches.length === 0) return
  const ends = new Map<string, string | null>()
  for (const { identityId, stoppedBy } of switches)
    ends.set(identityId, stoppedBy === null ? null : (ends.get(identityId) ?? stoppedBy))
  const last = [...ends].sort(([a], [b]) => (a < b ? -1 : 1))
  await tx.query({
    name: 'automation-switch',
    text: `update identity p set automation_stopped_by = w.stopped_by,
        automation_stopped_at = case when w.stopped_by is null then null else now() end
      from unnest($1::bigint[], $2::bigint[]) w(id, stopped_by)
      where p.id = w.id and (p.automation_stopped_at is null) <> (w.stopped_by is null)`,
    values: [last.map(([id]) => id), last.map(([, stoppedBy]) => stoppedBy)],
  })
}

/** The bot's conversations among these are people's from now on. */
export async function takeFromBot(tx: Queryable, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await tx.query(`update conversation set holder = 'queue' where id = any($1::bigint[]) and holder = 'bot'`, [
    conversationIds,
  ])
}

/** They asked for people: the bot has no more to do with these. Their version has risen with the message. */
export async function keepFromBot(tx: Queryable, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await tx.query('update conversation set bot_off = true where id = any($1::bigint[]) and not bot_off', [
    conversationIds,
  ])
  await handOverFromBot(tx, conversationIds, 'human', false)
}

export interface OpenCase {
  readonly conversationId: string
  readonly number: string
  readonly teamId: string | null
  /** What customers know the team as; null: nothing. */
  readonly sees: string | null
  /** The public name of who has it. */
  readonly agentName: string | null
  /** When an answer is promised. */
  readonly dueAt: Date | null
  readonly status: 'open' | 'waiting' | 'onHold' | 'snoozed'
}

/** What this very account asked in private here and is not over: a merged contact may be somebody else. */
export async function openCases(q: Queryable, identityId: string, inboxId: string): Promise<OpenCase[]> {
  const { rows } = await q.query({
    name: 'automation-open-cases',
    text: `select c.id as "conversationId", c.number::text, c.status, c.team_id as "teamId", ${seenAs('coalesce(k.language, c.language)')} as sees,
        g.public_name as "agentName", case when c.due_kind in ('firstResponse', 'nextResponse') then c.due_at end as "dueAt"
      from conversation c left join team t on t.id = c.team_id left join agent g on g.id = c.assignee_id
      left join identity n on n.id = c.opener_identity_id left join contact k on k.id = n.contact_id
      where c.opener_identity_id = $1 and c.inbox_id = $2 and c.audience = 'private'
        and c.status in ('open', 'waiting', 'onHold', 'snoozed') order by c.number limit 20`,
    values: [identityId, inboxId],
  })
  return rows as OpenCase[]
}
