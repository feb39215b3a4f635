import type { Queryable } from './database.ts'

/** An account at a platform from which somebody of ours answers. */
export interface OwnAccount {
  readonly id: string
  readonly channel: string
  readonly name: string
  readonly since: Date
}

export async function ownAccounts(q: Queryable, agentId: string): Promise<OwnAccount[]> {
  const { rows } = await q.query(
    `select id, channel, coalesce(nullif(name, ''), key) as name, coalesce(agent_since, created_at) as since
      from identity where agent_id = $1 order by id`,
    [agentId],
  )
  return rows
}

/** From then on it is a customer's again. False: it is not theirs. */
export async function unlinkAccount(q: Queryable, agentId: string, identityId: string): Promise<boolean> {
  const { rowCount } = await q.query(
    'update identity set agent_id = null, agent_since = null where id = $2 and agent_id = $1',
    [agentId, identityId],
  )
  return rowCount === 1
}
