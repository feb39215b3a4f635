import { assignWaiting } from '../../src/routing/assign-waiting.ts'
import { drainQueues } from '../../src/routing/drain.ts'
import { type Database, type Queryable, transaction } from '../../src/store/database.ts'
import { type TestClock, testClock } from './clock.ts'
import { createConversation, createIdentity, createInbox, createTeam, createThread, unique } from './factories.ts'

export interface DeskAgent {
  readonly teams?: readonly string[]
  readonly capacity?: number
  readonly tiers?: readonly number[]
  readonly languages?: Record<string, number>
  readonly topics?: Record<string, number>
  readonly availability?: 'online' | 'away' | 'offline'
  readonly shifts?: readonly { day: number; from: number; to: number }[]
  readonly timeZone?: string
  readonly role?: 'admin' | 'supervisor' | 'agent'
}

export interface Case {
  readonly teamId?: string | null
  readonly inboxId?: string
  readonly identityId?: string
  readonly priority?: number
  readonly tier?: number
  readonly language?: string
  readonly topicId?: string
  readonly vip?: boolean
  readonly dueAt?: Date
  /** Default now. */
  readonly since?: Date
  readonly assigneeId?: string
  readonly status?: 'open' | 'waiting' | 'resolved'
}

/** A desk whose people and conversations stand in the real database, at a clock of its own. */
export function queueDesk(db: Database, clock: TestClock = testClock()) {
  const q: Queryable = db.pool
  const one = async (sql: string, values: unknown[] = []) => (await q.query(sql, values)).rows[0]
  return {
    clock,
    db,
    one,
    all: async (sql: string, values: unknown[] = []) => (await q.query(sql, values)).rows,
    team: async (wish: Record<string, unknown> = {}) => {
      const id = await createTeam(q)
      for (const [column, value] of Object.entries(wish)) {
        await q.query(`update team set ${column} = $2 where id = $1`, [id, value])
      }
      return { id, inboxId: await createInbox(q, { teamId: id }) }
    },
    agent: (wish: DeskAgent = {}) => makeAgent(q, wish),
    waits: (wish: Case) => makeCase(q, clock, wish),
    person: async (ownerIds: readonly string[] = []) => {
      const identityId = await createIdentity(q)
      const { contact_id: contactId } = await one('select contact_id from identity where id = $1', [identityId])
      for (const [rank, id] of ownerIds.entries()) {
        await q.query('insert into contact_owner (contact_id, agent_id, rank) values ($1, $2, $3)', [
          contactId,
          id,
          rank,
        ])
      }
      return { identityId, contactId: contactId as string }
    },
    round: () => transaction(db, (tx) => assignWaiting(tx, clock())),
    drain: () => drainQueues({ db, clock }),
    holderOf: async (id: string): Promise<string | null> =>
      (await one('select assignee_id from conversation where id = $1', [id])).assignee_id,
    whyOf: async (id: string) =>
      one('select why as code, details from assignment where conversation_id = $1 order by id desc limit 1', [id]),
    loads: async (): Promise<Record<string, number>> => {
      const { rows } = await q.query(
        `select assignee_id, count(*)::int as n from conversation where status = 'open' and assignee_id is not null group by 1`,
      )
      return Object.fromEntries(rows.map(({ assignee_id, n }: { assignee_id: string; n: number }) => [assignee_id, n]))
    },
    set: (id: string, status: 'open' | 'waiting' | 'resolved') =>
      q.query('update conversation set status = $2 where id = $1', [id, status]),
    away: (id: string, availability = 'away') =>
      q.query('update agent set availability = $2 where id = $1', [id, availability]),
  }
}
export type QueueDesk = ReturnType<typeof queueDesk>

async function makeAgent(q: Queryable, wish: DeskAgent): Promise<string> {
  const name = unique('Agent')
  const { rows } = await q.query(
    `insert into agent (email, name, public_name, role, availability, capacity, tiers, languages, shifts, time_zone)
      values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      `${unique('a')}@example.org`,
      name,
      wish.role ?? 'agent',
      wish.availability ?? 'online',
      wish.capacity ?? 6,
      wish.tiers ?? [1, 2, 3],
      JSON.stringify(wish.languages ?? {}),
      JSON.stringify(wish.shifts ?? []),
      wish.timeZone ?? 'UTC',
    ],
  )
  const { id } = rows[0] as { id: string }
  for (const teamId of wish.teams ?? []) {
    await q.query('insert into team_member (team_id, agent_id) values ($1, $2)', [teamId, id])
  }
  for (const [topicId, level] of Object.entries(wish.topics ?? {})) {
    await q.query('insert into agent_topic (agent_id, topic_id, level) values ($1, $2, $3)', [id, topicId, level])
  }
  return id
}

async function makeCase(q: Queryable, clock: () => Date, wish: Case): Promise<string> {
  const inboxId = wish.inboxId ?? (await createInbox(q, wish.teamId ? { teamId: wish.teamId } : {}))
  const threadId = await createThread(q, { inboxId })
  const { id } = await createConversation(q, {
    threadId,
    ...(wish.identityId && { identityId: wish.identityId }),
    ...(wish.assigneeId && { assigneeId: wish.assigneeId }),
    ...(wish.status && { status: wish.status }),
  })
  const since = wish.since ?? clock()
  await q.query(
    `update conversation set team_id = $2, priority = $3, tier = $4, language = $5, topic_id = $6, vip = $7, due_at = $8,
      waiting_since = $9, last_activity_at = $9, routed_at = $9 where id = $1`,
    [
      id,
      wish.teamId ?? null,
      wish.priority ?? 2,
      wish.tier ?? 1,
      wish.language ?? null,
      wish.topicId ?? null,
      wish.vip ?? false,
      wish.dueAt ?? null,
      since,
    ],
  )
  return id
}
