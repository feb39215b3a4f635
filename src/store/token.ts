import type { Role, Scope } from '../domain/principal.ts'
import { named, type Queryable } from './database.ts'
import { hashSecret, newSecret } from './secret.ts'
import { announceRevoked, myInboxes, myTeams } from './session.ts'

export interface TokenRow {
  readonly id: string
  readonly name: string
  readonly scopes: Scope[]
  readonly agentId: string | null
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
}

const columns = `id, name, scopes, created_by as "agentId", created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt"`

export interface NewTokenRow {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The agent it acts for; null: the installation itself. */
  readonly agentId: string | null
  readonly expiresAt?: Date | null
}

/** `secret` is what goes into `Authorization: Bearer`; it is not stored. */
export async function createToken(q: Queryable, token: NewTokenRow): Promise<TokenRow & { secret: string }> {
  const secret = `tr_${newSecret()}`
  const { rows } = await q.query(
    `insert into api_token (name, token_hash, scopes, created_by, expires_at) values ($1, $2, $3, $4, $5)
     returning ${columns}`,
    [token.name, hashSecret(secret), token.scopes, token.agentId, token.expiresAt ?? null],
  )
  return { ...rows[0], secret }
}

export async function listTokens(q: Queryable, agentId: string | null): Promise<TokenRow[]> {
  const { rows } = await q.query(
    `select ${columns} from api_token where $1::bigint is null or created_by = $1 order by id desc limit 1000`,
    [agentId],
  )
  return rows
}

/** `agentId` null: whosoever's. */
export async function deleteToken(q: Queryable, id: string, agentId: string | null): Promise<boolean> {
  const { rowCount } = await q.query(
    `delete from api_token where id = $1 and ($2::bigint is null or created_by = $2)`,
    [id, agentId],
  )
  if (rowCount) await announceRevoked(q, 'token', id)
  return Boolean(rowCount)
}

export interface TokenPrincipal {
  readonly id: string
  readonly agentId: string | null
  readonly role: Role
  readonly scopes: readonly Scope[]
  readonly inboxIds: readonly string[]
  readonly teamIds: readonly string[]
  readonly stale: boolean
}

const find = named(
  'token-find',
  `select t.id, a.id as "agentId", a.role, t.scopes, ${myInboxes} as "inboxIds", ${myTeams} as "teamIds",
     t.last_used_at is null or t.last_used_at < now() - interval '1 minute' as stale
   from api_token t
   cross join lateral (
     select id, role from agent where id = t.created_by and active
     union all select null::bigint, 'admin' where t.created_by is null) a
   where t.token_hash = $1 and (t.expires_at is null or t.expires_at > now())`,
)

/** A token of an agent is worth what the agent is worth now; nothing once the agent is deactivated. */
export async function findToken(q: Queryable, secret: string): Promise<TokenPrincipal | null> {
  const { rows } = await find(q, [hashSecret(secret)])
  return rows[0] ?? null
}

export async function touchToken(q: Queryable, id: string): Promise<void> {
  await q.query(`update api_token set last_used_at = now() where id = $1`, [id])
}

export async function allInboxIds(q: Queryable): Promise<string[]> {
  const { rows } = await q.query(`select array(select id from inbox) as ids`)
  return rows[0].ids
}
