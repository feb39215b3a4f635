import { isVip } from './contact-owner.ts'
import { type Queryable, together } from './database.ts'

/** What triggers and dry runs look at: a message of it, else the newest that a customer wrote. */
export interface Asked {
  readonly conversationId: string
  readonly messageId: string | null
}

/** What is only read where some rule wants to know it. */
export interface RuleNeeds {
  readonly previousAgent: boolean
  readonly queues: boolean
  /** Also what was said before the inbox was enabled: for people, never for rules. */
  readonly history?: boolean
}

export interface FactRow {
  readonly id: string
  readonly inboxId: string
  readonly threadId: string
  readonly version: string
  readonly lastSeq: string
  readonly status: string
  readonly holder: 'bot' | 'agent' | 'queue'
  readonly assigneeId: string | null
  readonly teamId: string | null
  readonly priority: number
  readonly tags: string[]
  readonly topicId: string | null
  /** Of its own. */
  readonly slaPolicyId: string | null
  readonly tier: number
  readonly botOff: boolean
  readonly language: string | null
  readonly subject: string | null
  readonly audience: string
  readonly messageCount: number
  readonly waitingSince: Date | null
  readonly dueAt: Date | null
  /** Nobody was given it so far. */
  readonly fresh: boolean
  readonly channel: string
  readonly contactId: string | null
  readonly vip: boolean
  readonly attributes: Record<string, unknown>
  readonly answers: Record<string, string>
  readonly messageId: string | null
  /** null: there is no message, or its words are gone. */
  readonly text: string | null
  readonly attachmentKinds: string[]
  readonly previousAgentId: string | null
}

/** In id order, after the contacts'. `withTheirs`: and whatever else of these people's stands in a queue, where they may move in it. */
export async function lockForRules(
  tx: Queryable,
  conversationIds: readonly string[],
  withTheirs: boolean,
): Promise<void> {
  await tx.query({
    name: withTheirs ? 'rules-lock-theirs' : 'rules-lock',
    text: `select from conversation where ${withTheirs ? THEIRS : 'id = any($1::bigint[])'} order by id for no key update`,
    values: [conversationIds],
  })
}

const THEIRS = `id = any(array(select unnest($1::bigint[]) union select o.id from conversation c
  join identity n on n.id = c.opener_identity_id join identity s on s.contact_id = n.contact_id
  join conversation o on o.opener_identity_id = s.id and o.status <> 'resolved' where c.id = any($1::bigint[])))`

export async function lockContacts(tx: Queryable, conversationIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'rules-lock-contacts',
    text: `select from contact where id in (select n.contact_id from conversation c
        join identity n on n.id = c.opener_identity_id where c.id = any($1::bigint[])) order by id for no key update`,
    values: [conversationIds],
  })
}

/** One statement, however many they are; by index each. History of before the inbox was enabled has no place here. */
export async function ruleFacts(q: Queryable, asked: readonly Asked[], needs: RuleNeeds): Promise<FactRow[]> {
  const { rows } = await q.query({
    name: 'rules-facts',
    text: FACTS,
    values: [
      asked.map((a) => a.conversationId),
      asked.map((a) => a.messageId),
      needs.previousAgent,
      needs.history === true,
    ],
  })
  return rows as FactRow[]
}

const kinds = `case split_part(a.type, '/', 1) when 'image' then 'image' when 'video' then 'video'
  when 'audio' then 'audio' else 'file' end`

// The last who had this case, else the last who had one of this customer's newest twenty.
const previous = `coalesce(
    (select a.agent_id from assignment a where a.conversation_id = c.id and a.agent_id is not null order by a.id desc limit 1),
    (select a.agent_id from (select o.id from identity s join conversation o on o.opener_identity_id = s.id
         where s.contact_id = k.id and o.id <> c.id order by o.id desc limit 20) p
       join assignment a on a.conversation_id = p.id and a.agent_id is not null order by a.id desc limit 1))`

const FACTS = `select c.id, c.inbox_id as "inboxId", c.thread_id as "threadId", c.version, c.last_seq as "lastSeq", c.status,
    c.holder, c.assignee_id as "assigneeId", c.team_id as "teamId", c.priority, c.tags, c.topic_id as "topicId", c.tier,
    c.sla_policy_id as "slaPolicyId",
    c.bot_off as "botOff", coalesce(c.language, k.language) as language, c.subject, c.audience,
    c.message_count::int as "messageCount", c.waiting_since as "waitingSince", c.due_at as "dueAt",
    c.routed_at is null as fresh, i.channel, k.id as "contactId", coalesce(${isVip}, false) as vip,
    coalesce(k.attributes, '{}') as attributes,
    coalesce((select jsonb_object_agg(w.key, w.value) from conversation_answer w where w.conversation_id = c.id), '{}') as answers,
    m.id as "messageId",
    case when m.deleted_at is null then m.text end as text,
    array(select distinct ${kinds} from attachment a where a.message_id = m.id) as "attachmentKinds",
    case when $3 then ${previous} end as "previousAgentId"
  from unnest($1::bigint[], $2::bigint[]) w (conversation_id, message_id)
  join conversation c on c.id = w.conversation_id and c.merged_into is null
  join inbox i on i.id = c.inbox_id
  left join identity n on n.id = c.opener_identity_id
  left join contact k on k.id = n.contact_id
  left join message m on m.id = coalesce(w.message_id, (select l.id from message l
    where l.conversation_id = c.id and l.direction = 'in' order by l.seq desc limit 1))
  where m.id is null or (m.conversation_id = c.id and ($4 or not m.history))
  order by c.id`

/** As people call it. Whether it may be seen is asked with its id. */
export async function conversationByNumber(q: Queryable, number: string): Promise<string | null> {
  const { rows } = await q.query('select id from conversation where number = $1', [number])
  return (rows[0] as { id: string } | undefined)?.id ?? null
}

/** The message a dry run is about: this one of the customer's, else their first. null: there is none. */
export async function triedMessage(
  q: Queryable,
  conversationId: string,
  messageId: string | null,
): Promise<{ readonly id: string; readonly first: boolean } | null> {
  const { rows } = await q.query(
    `select m.id, not exists (select from message e where e.conversation_id = m.conversation_id and e.seq < m.seq
        and e.direction = 'in') as first
      from message m where m.conversation_id = $1 and m.direction = 'in' and ($2::bigint is null or m.id = $2)
      order by m.seq limit 1`,
    [conversationId, messageId],
  )
  return (rows[0] as { id: string; first: boolean } | undefined) ?? null
}

/** Counted no further: longer than any queue whose exact length matters. */
export const longestQueue = 1_000

export async function queueLengths(q: Queryable, teamIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await q.query({
    name: 'rules-queues',
    text: `select w.id, l.n from unnest($1::bigint[]) w(id) cross join lateral (select count(*)::int as n from (
        select from conversation c where c.team_id = w.id and c.status = 'open' and c.holder = 'queue' and c.assignee_id is null
         limit $2) waiting) l`,
    values: [teamIds, longestQueue],
  })
  return new Map((rows as { id: string; n: number }[]).map(({ id, n }) => [id, n]))
}

/** What rules name and what may be gone by now. `conversation` by inbox: nobody is given what they could not open. */
export interface Existing {
  readonly teams: ReadonlySet<string>
  readonly topics: ReadonlySet<string>
  readonly policies: ReadonlySet<string>
  /** `inbox agent`, of those who work there. */
  readonly agents: ReadonlySet<string>
}

export interface Named {
  readonly teamIds: readonly string[]
  readonly topicIds: readonly string[]
  readonly policyIds: readonly string[]
  readonly agentIds: readonly string[]
  readonly inboxIds: readonly string[]
}

/** Locked against deletion until the transaction ends. */
export async function existing(tx: Queryable, named: Named): Promise<Existing> {
  const [teams, topics, policies, agents] = await together([
    namedAny(named.teamIds, () =>
      tx.query('select id from team where id = any($1::bigint[]) order by id for key share', [named.teamIds]),
    ),
    namedAny(named.topicIds, () =>
      tx.query('select id from topic where id = any($1::bigint[]) order by id for key share', [named.topicIds]),
    ),
    namedAny(named.policyIds, () =>
      tx.query('select id from sla_policy where id = any($1::bigint[]) order by id for key share', [named.policyIds]),
    ),
    namedAny(named.agentIds, () =>
      tx.query(
        `select i.id || ' ' || a.id as id from agent a, inbox i
        where a.id = any($1::bigint[]) and i.id = any($2::bigint[]) and a.active and (a.role = 'admin'
          or exists (select from team_member t where t.agent_id = a.id and t.team_id = i.team_id)
          or exists (select from inbox_member m where m.agent_id = a.id and m.inbox_id = i.id))
        order by a.id for key share of a`,
        [named.agentIds, named.inboxIds],
      ),
    ),
  ])
  const ids = ({ rows }: { rows: unknown[] }) => new Set((rows as { id: string }[]).map(({ id }) => id))
  return { teams: ids(teams), topics: ids(topics), policies: ids(policies), agents: ids(agents) }
}

const namedAny = async (
  ids: readonly string[],
  ask: () => Promise<{ rows: unknown[] }>,
): Promise<{ rows: unknown[] }> => (ids.length === 0 ? { rows: [] } : ask())
