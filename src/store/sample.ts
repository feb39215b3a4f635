import type { Queryable } from './database.ts'

/** What the sample made, so that exactly this goes again. Ids, but for tags: their names. */
export interface SampleRecord {
  readonly inboxes: readonly string[]
  readonly teams: readonly string[]
  readonly agents: readonly string[]
  readonly topics: readonly string[]
  readonly hours: readonly string[]
  readonly policies: readonly string[]
  readonly rules: readonly string[]
  readonly macros: readonly string[]
  readonly articles: readonly string[]
  readonly categories: readonly string[]
  readonly tags: readonly string[]
}

/** One at a time loads or removes it. */
export async function lockSample(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('sample', 0))`)
}

/** null: there is none here. */
export async function sampleRecord(q: Queryable): Promise<SampleRecord | null> {
  const { rows } = await q.query(
    `select preferences -> 'sample' as record from agent where preferences ? 'sample' limit 1`,
  )
  return (rows[0] as { record: SampleRecord } | undefined)?.record ?? null
}

/** It stands with the first of the invented people: nobody deletes people, and it goes with them. */
export async function writeSampleRecord(tx: Queryable, record: SampleRecord): Promise<void> {
  await tx.query(
    `update agent set preferences = preferences || jsonb_build_object('sample', $2::jsonb) where id = $1`,
    [record.agents[0], JSON.stringify(record)],
  )
}

const kinds = [
  ['conversation', 'conversations'],
  ['team', 'teams'],
  ['topic', 'topics'],
  ['rule', 'rules'],
  ['macro', 'macros'],
  ['sla_policy', 'response times'],
  ['business_hours', 'business hours'],
  ['article_category', 'articles'],
] as const

/** What is here already that is somebody's work, in words. */
export async function workHere(q: Queryable): Promise<string[]> {
  const asked = kinds.map(([table], at) => `select ${at} as at where exists (select from ${table})`)
  const { rows } = await q.query(`${asked.join(' union all ')} order by at`)
  return (rows as { at: number }[]).map(({ at }) => kinds[at]?.[1] ?? '')
}

/** Those that were not there before. */
export async function newTags(tx: Queryable, names: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query(
    `insert into tag (name) select distinct n from unnest($1::text[]) n order by n on conflict (name) do nothing returning name`,
    [names],
  )
  return (rows as { name: string }[]).map(({ name }) => name)
}

export interface SampleCase {
  readonly conversationId: string
  readonly contactId: string
  readonly language: string
  readonly priority: number
  readonly tier: number
  readonly topicId: string
  readonly teamId: string | null
  readonly assigneeId: string | null
  /** Whose customer they are; null: nobody's in particular. */
  readonly ownerId: string | null
  readonly vip: boolean
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly begunAt: Date
  readonly changedAt: Date
  readonly snoozedUntil: Date | null
}

/** What of a case no message says. */
export async function writeSampleCase(tx: Queryable, one: SampleCase): Promise<void> {
  await tx.query(`update contact set language = $2, vip = $3, attributes = $4, created_at = $5 where id = $1`, [
    one.contactId,
    one.language,
    one.vip,
    JSON.stringify(one.attributes),
    one.begunAt,
  ])
  if (one.ownerId !== null)
    await tx.query('insert into contact_owner (contact_id, agent_id, rank) values ($1, $2, 0)', [
      one.contactId,
      one.ownerId,
    ])
  await tx.query(
    `update conversation set language = $2, priority = $3, tier = $4, topic_id = $5, assignee_id = $6, vip = $7, tags = $8,
        holder = case when $6::bigint is null then 'queue' else 'agent' end, created_at = $9, opened_at = $9, routed_at = $9,
        status_since = $10, snoozed_until = $11
      where id = $1`,
    [
      one.conversationId,
      one.language,
      one.priority,
      one.tier,
      one.topicId,
      one.assigneeId,
      one.vip || one.ownerId !== null,
      one.tags,
      one.begunAt,
      one.changedAt,
      one.snoozedUntil,
    ],
  )
  if (one.assigneeId !== null)
    await tx.query(
      `insert into assignment (conversation_id, agent_id, team_id, assigned_by, why, since) values ($1, $2, $3, 'router', 'pulled', $4)`,
      [one.conversationId, one.assigneeId, one.teamId, one.begunAt],
    )
}
