import type { Role } from '../domain/principal.ts'
import { named, type Queryable } from './database.ts'
import { hashSecret, newSecret } from './secret.ts'

// A session ends 30 days after sign-in, or after 14 days without a request.
const LIFETIME = `interval '30 days'`
const IDLE = `interval '14 days'`

export interface SessionPrincipal {
  readonly id: string
  readonly agentId: string
  readonly csrfToken: string
  readonly role: Role
  readonly inboxIds: readonly string[]
  readonly teamIds: readonly string[]
  readonly stale: boolean
}

/** An administrator sees every inbox; everybody else those they or one of their teams are named in. */
export const myInboxes = `array(select i.id from inbox i where a.role = 'admin'
    or i.team_id in (select team_id from team_member where agent_id = a.id)
    or exists (select from inbox_member m where m.inbox_id = i.id and m.agent_id = a.id))`
export const myTeams = `array(select team_id from team_member where agent_id = a.id)`

const find = named(
  'session-find',
  `select s.id, s.agent_id as "agentId", s.csrf_token as "csrfToken", a.role,
     ${myInboxes} as "inboxIds", ${myTeams} as "teamIds", s.last_seen_at < now() - interval '1 minute' as stale
   from session s join agent a on a.id = s.agent_id
   where s.token_hash = $1 and a.active and s.expires_at > now() and s.last_seen_at > now() - ${IDLE}`,
)

/** Looked up with every request: what was revoked a moment ago is gone. */
export async function findSession(q: Queryable, secret: string): Promise<SessionPrincipal | null> {
  const { rows } = await find(q, [hashSecret(secret)])
  return rows[0] ?? null
}

export interface NewSession {
  readonly agentId: string
  readonly ip: string | null
  readonly userAgent: string | null
}

export async function createSession(
  q: Queryable,
  session: NewSession,
): Promise<{ id: string; secret: string; csrfToken: string }> {
  const secret = newSecret()
  const csrfToken = newSecret()
  const { rows } = await q.query(
    `insert into session (agent_id, token_hash, csrf_token, ip, user_agent, expires_at)
     values ($1, $2, $3, $4, $5, now() + ${LIFETIME}) returning id`,
    [session.agentId, hashSecret(secret), csrfToken, session.ip, session.userAgent?.slice(0, 300) ?? null],
  )
  return { id: rows[0].id, secret, csrfToken }
}

export async function touchSession(q: Queryable, id: string): Promise<void> {
  await q.query(`update session set last_seen_at = now() where id = $1`, [id])
}

export interface SessionRow {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly createdAt: Date
  readonly lastSeenAt: Date
}

export async function listSessions(q: Queryable, agentId: string): Promise<SessionRow[]> {
  const { rows } = await q.query(
    `select id, ip, user_agent as "userAgent", created_at as "createdAt", last_seen_at as "lastSeenAt"
     from session where agent_id = $1 and expires_at > now() and last_seen_at > now() - ${IDLE} order by id desc`,
    [agentId],
  )
  return rows
}

/** Sockets listen on the channel 'session'; the payload is `session:<id>`, `agent:<id>` or `token:<id>`. */
export async function announceRevoked(q: Queryable, whom: 'session' | 'agent' | 'token', id: string): Promise<void> {
  await q.query(`select pg_notify('session', $1)`, [`${whom}:${id}`])
}

export async function revokeSession(q: Queryable, agentId: string, id: string): Promise<boolean> {
  const { rowCount } = await q.query(`delete from session where id = $1 and agent_id = $2`, [id, agentId])
  if (rowCount) await announceRevoked(q, 'session', id)
  return Boolean(rowCount)
}

/** After a change of password or role, and on deactivation. `except` is the session that made the change. */
export async function revokeSessionsOf(q: Queryable, agentId: string, except?: string): Promise<void> {
  const { rows } = await q.query(
    `delete from session where agent_id = $1 and ($2::bigint is null or id <> $2) returning id`,
    [agentId, except ?? null],
  )
  for (const { id } of rows) await announceRevoked(q, 'session', id)
}
