import type { Sealed } from '../domain/sealer.ts'
import type { Queryable } from './database.ts'
import { hashSecret } from './secret.ts'

/** The id is bound into the seal: a secret copied to another person's row opens nothing. */
export const factorContext = (agentId: string) => `factor:${agentId}`

/** Of a setting up that was not finished, s. */
const BEGUN_S = 3_600

/** False: there is one already. Beginning again forgets the secret begun before. */
export async function beginFactor(q: Queryable, agentId: string, secret: Sealed): Promise<boolean> {
  const { rowCount } = await q.query(
    `insert into second_factor as f (agent_id, secret) values ($1, $2::jsonb)
     on conflict (agent_id) do update set secret = excluded.secret, created_at = now() where f.confirmed_at is null`,
    [agentId, secret],
  )
  return rowCount === 1
}

/** What was begun and not confirmed; nobody else confirms it until the transaction ends. */
export async function lockBegunFactor(tx: Queryable, agentId: string): Promise<Sealed | null> {
  const { rows } = await tx.query(
    `select secret from second_factor where agent_id = $1 and confirmed_at is null
       and created_at > now() - $2 * interval '1 s' for update`,
    [agentId, BEGUN_S],
  )
  return (rows[0] as { secret: Sealed } | undefined)?.secret ?? null
}

export async function confirmFactor(
  tx: Queryable,
  agentId: string,
  step: number,
  codes: readonly string[],
): Promise<void> {
  await tx.query('update second_factor set confirmed_at = now(), last_step = $2 where agent_id = $1', [agentId, step])
  await tx.query('insert into recovery_code (agent_id, code_hash) select $1, unnest($2::bytea[])', [
    agentId,
    codes.map(hashSecret),
  ])
}

export interface Factor {
  readonly secret: Sealed
  readonly confirmedAt: Date
  readonly recoveryCodesLeft: number
}

/** null: signing in takes the password alone. */
export async function findFactor(q: Queryable, agentId: string): Promise<Factor | null> {
  const { rows } = await q.query(
    `select f.secret, f.confirmed_at as "confirmedAt",
       (select count(*)::int from recovery_code r where r.agent_id = f.agent_id) as "recoveryCodesLeft"
     from second_factor f where f.agent_id = $1 and f.confirmed_at is not null`,
    [agentId],
  )
  return (rows[0] as Factor | undefined) ?? null
}

/** One winner: the code of a step, and of every step before it, is taken once. */
export async function takeStep(q: Queryable, agentId: string, step: number): Promise<boolean> {
  const { rowCount } = await q.query(
    `update second_factor set last_step = $2 where agent_id = $1 and confirmed_at is not null and last_step < $2`,
    [agentId, step],
  )
  return rowCount === 1
}

/** One winner, here too. */
export async function takeRecoveryCode(q: Queryable, agentId: string, code: string): Promise<boolean> {
  const { rowCount } = await q.query('delete from recovery_code where agent_id = $1 and code_hash = $2', [
    agentId,
    hashSecret(code),
  ])
  return rowCount === 1
}

export async function removeFactor(q: Queryable, agentId: string): Promise<boolean> {
  const { rowCount } = await q.query('delete from second_factor where agent_id = $1 and confirmed_at is not null', [
    agentId,
  ])
  return rowCount === 1
}
