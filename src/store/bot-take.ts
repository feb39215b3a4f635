import { handOverFromBot } from './bot-hand-over.ts'
import { type Queryable, together } from './database.ts'
import { enqueueJobs } from './job.ts'
import type { RouteRequest } from './routing.ts'

/** From the moment the bot has a message; then people have the case. */
export const botDeadlineMs = 15_000
/** As for everything automatic (domain/automatic.ts), which is asked once more before anything is said. */
const freshMs = 15 * 60_000

interface Candidate extends RouteRequest {
  readonly may: boolean
}

/**
 * The bot has what nobody has yet, where it may speak; what it has and may not answer any more goes to people. In T2, after the
 * rules and before the queues.
 */
export async function takeForBot(tx: Queryable, requests: readonly RouteRequest[], now: Date): Promise<void> {
  const candidates = await candidatesOf(tx, requests, now)
  if (candidates.length === 0) return
  const taken = candidates.filter(({ may }) => may)
  const refused = new Set(candidates.filter(({ may }) => !may).map(({ conversationId }) => conversationId))
  if (taken.length > 0) await take(tx, taken)
  if (refused.size > 0) await handOverFromBot(tx, [...refused], 'notHere')
}

async function candidatesOf(tx: Queryable, requests: readonly RouteRequest[], now: Date): Promise<Candidate[]> {
  const { rows } = await tx.query({
    name: 'bot-candidates',
    text: `select m.id as "messageId", c.id as "conversationId",
        i.bot and not c.bot_off and c.audience = 'private' and c.status = 'open' and not m.automatic and not m.by_program
          and p.automation_stopped_at is null and m.occurred_at >= i.live_since and m.occurred_at >= $3 as may
      from unnest($1::bigint[], $2::bigint[]) with ordinality r (message_id, conversation_id, n)
      join message m on m.id = r.message_id join conversation c on c.id = r.conversation_id join inbox i on i.id = c.inbox_id
      join identity p on p.id = m.sender_identity_id
      where c.assignee_id is null and c.merged_into is null
        and (c.holder = 'bot' or c.holder = 'queue' and c.routed_at is null and i.bot)
      order by c.id, r.n for no key update of c`,
    values: [
      requests.map(({ messageId }) => messageId),
      requests.map(({ conversationId }) => conversationId),
      new Date(now.getTime() - freshMs),
    ],
  })
  return rows as Candidate[]
}

async function take(tx: Queryable, taken: readonly RouteRequest[]): Promise<void> {
  await together([
    tx.query({ name: 'bot-take', text: TAKE, values: [[...new Set(taken.map((one) => one.conversationId))]] }),
    tx.query({
      name: 'bot-asked',
      text: `insert into bot_turn (message_id, deadline)
        select id, now() + make_interval(secs => $2::float8 / 1000) from unnest($1::bigint[]) w (id) on conflict do nothing`,
      values: [taken.map((one) => one.messageId), botDeadlineMs],
    }),
    enqueueJobs(
      tx,
      taken.map(({ messageId, conversationId }) => ({
        kind: 'bot-answer',
        lane: `bot:${conversationId}`,
        payload: { messageId },
      })),
    ),
  ])
}

const TAKE = `with moved as (
    update conversation c set holder = 'bot', version = c.version + 1, routed_at = coalesce(c.routed_at, now())
     where c.id = any($1::bigint[]) and c.holder <> 'bot'
    returning c.id, c.inbox_id, c.version, c.last_seq),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'routed', 'router', jsonb_build_object('holder', 'bot') from moved order by id)
  insert into feed (kind, inbox_id, conversation_id, version)
  select 'conversation.updated', inbox_id, id, version from moved order by id`
