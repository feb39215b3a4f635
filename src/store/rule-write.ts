import { insertActivities, type NewActivity } from './applied.ts'
import { moveInQueues } from './contact-owner.ts'
import { syncTags } from './conversation.ts'
import { type Queryable, together } from './database.ts'
import { type FeedRow, insertFeed, notify } from './feed-insert.ts'
import { enqueueJobs } from './job.ts'
import { insertMessages, type NewMessage } from './message.ts'
import { ensureTags } from './tag.ts'

export interface HandledConversation {
  readonly id: string
  readonly version: bigint
  readonly lastSeq: bigint
  readonly addedMessages: number
  readonly holder: string
  readonly assigneeId: string | null
  readonly teamId: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly topicId: string | null
  readonly slaPolicyId: string | null
  readonly tier: number
  readonly botOff: boolean
  /** Who gave it to other hands ('rule:3'); null: it stayed where it was. */
  readonly reassignedBy: string | null
  readonly retagged: boolean
}

export interface RuleWriting {
  /** By the installation's clock. */
  readonly now: Date
  readonly conversations: readonly HandledConversation[]
  readonly contacts: readonly { readonly id: string; readonly vip: boolean }[]
  readonly activities: readonly NewActivity[]
  readonly notes: readonly NewMessage[]
  readonly feed: readonly FeedRow[]
  /** Words to customers; each leaves as an automatic answer, if it may. */
  readonly says: readonly { readonly ruleId: string; readonly macroId: string; readonly messageId: string }[]
}

/** Everything rules did to some conversations, which are locked: a handful of statements however many there are. */
export async function writeRuled(tx: Queryable, { now, conversations, contacts, ...told }: RuleWriting): Promise<void> {
  const retagged = conversations.filter((one) => one.retagged)
  const reassigned = conversations.filter((one) => one.reassignedBy !== null)
  await together([
    contacts.length > 0 ? writeVips(tx, contacts) : undefined,
    conversations.length > 0 ? writeConversations(tx, conversations, now) : undefined,
    reassigned.length > 0 ? writeAssignments(tx, reassigned, now) : undefined,
    retagged.length > 0 ? ensureTags(tx, [...new Set(retagged.flatMap(({ tags }) => tags))].sort()) : undefined,
    told.notes.length > 0 ? insertMessages(tx, told.notes) : undefined,
    insertActivities(tx, told.activities),
    insertFeed(tx, told.feed),
    told.feed.length > 0 ? notify(tx, ['feed']) : undefined,
    enqueueJobs(
      tx,
      told.says.map((payload) => ({ kind: 'say-macro', lane: `said:${payload.messageId}`, payload })),
    ),
  ])
  await syncTags(
    tx,
    retagged.map(({ id }) => id),
  )
  const moved = contacts.map(({ id }) => id)
  if (moved.length > 0) await moveInQueues(tx, moved, { raised: conversations.map(({ id }) => id) })
}

async function writeConversations(tx: Queryable, rows: readonly HandledConversation[], now: Date): Promise<void> {
  await tx.query({
    name: 'ruled-conversations',
    text: `update conversation c set version = w.version, last_seq = w.seq, message_count = c.message_count + w.added,
        holder = w.holder, assignee_id = w.assignee, team_id = w.team, priority = w.priority,
        tags = array(select jsonb_array_elements_text(w.tags)), topic_id = w.topic, tier = w.tier, bot_off = w.bot_off,
        sla_policy_id = w.policy,
        routed_at = case when w.assignee is distinct from c.assignee_id then coalesce(c.routed_at, $14) else c.routed_at end
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::bigint[], $7::bigint[], $8::smallint[],
        $9::jsonb[], $10::bigint[], $11::smallint[], $12::boolean[],
        $13::bigint[]) w (id, version, seq, added, holder, assignee, team, priority, tags, topic, tier, bot_off, policy)
      where c.id = w.id`,
    values: [
      rows.map((r) => r.id),
      rows.map((r) => String(r.version)),
      rows.map((r) => String(r.lastSeq)),
      rows.map((r) => r.addedMessages),
      rows.map((r) => r.holder),
      rows.map((r) => r.assigneeId),
      rows.map((r) => r.teamId),
      rows.map((r) => r.priority),
      rows.map((r) => JSON.stringify(r.tags)),
      rows.map((r) => r.topicId),
      rows.map((r) => r.tier),
      rows.map((r) => r.botOff),
      rows.map((r) => r.slaPolicyId),
      now,
    ],
  })
}

// A new case that only got a team has no assignment yet: the router makes the first one.
async function writeAssignments(tx: Queryable, rows: readonly HandledConversation[], now: Date): Promise<void> {
  await tx.query({
    name: 'ruled-assignments',
    text: `with w as (select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) w (id, agent, team, by)),
        ended as (update assignment a set until = $5 from w where a.conversation_id = w.id and a.until is null
          returning a.conversation_id as id)
      insert into assignment (conversation_id, agent_id, team_id, assigned_by, why, since)
      select w.id, w.agent, w.team, w.by, case when w.by like 'rule:%' then 'rule' else 'byHand' end, $5 from w
       where w.agent is not null or w.id in (select id from ended)`,
    values: [
      rows.map((r) => r.id),
      rows.map((r) => r.assigneeId),
      rows.map((r) => r.teamId),
      rows.map((r) => r.reassignedBy),
      now,
    ],
  })
}

async function writeVips(tx: Queryable, rows: RuleWriting['contacts']): Promise<void> {
  const byId = [...new Map(rows.map((row) => [row.id, row.vip]))]
  await tx.query(
    'update contact k set vip = w.vip from unnest($1::bigint[], $2::boolean[]) w (id, vip) where k.id = w.id',
    [byId.map(([id]) => id), byId.map(([, vip]) => vip)],
  )
}
