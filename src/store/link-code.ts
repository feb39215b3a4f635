import { randomInt } from 'node:crypto'
import { newLinkCode } from '../domain/link-code.ts'
import type { Queryable } from './database.ts'
import { hashSecret } from './secret.ts'

const LIFETIME_MIN = 30

export type LinkTarget = { readonly contactId: string } | { readonly agentId: string }

/** It is not stored and cannot be shown again. The one made before for the same person is worth nothing any more. */
export async function createLinkCode(
  tx: Queryable,
  target: LinkTarget,
  createdBy: string,
): Promise<{ code: string; expiresAt: Date }> {
  const [contactId, agentId] = 'contactId' in target ? [target.contactId, null] : [null, target.agentId]
  await tx.query(
    `update link_code set expires_at = now() where used_at is null and expires_at > now() and contact_id = $1`,
    [contactId],
  )
  await tx.query(
    `update link_code set expires_at = now() where used_at is null and expires_at > now() and agent_id = $1`,
    [agentId],
  )
  const code = newLinkCode(agentId === null ? 'contact' : 'agent', (below) => randomInt(below))
  const { rows } = await tx.query(
    `insert into link_code (code_hash, contact_id, agent_id, created_by, expires_at)
      values ($1, $2, $3, $4, now() + $5 * interval '1 minute') returning expires_at as "expiresAt"`,
    [hashSecret(code), contactId, agentId, createdBy, LIFETIME_MIN],
  )
  return { code, expiresAt: (rows[0] as { expiresAt: Date }).expiresAt }
}

export interface Redemption {
  readonly code: string
  readonly identityId: string
  /** The platform itself says whose account wrote it. */
  readonly ownAccount: boolean
}

/**
 * Uses it up: one winner, also at the same moment. null: there is no such code, it was used, ran out, or would change nothing.
 * The account of a colleague's code is theirs from now on; a person's accounts are put together by whoever is told the id.
 */
export async function spendLinkCode(
  tx: Queryable,
  { code, identityId, ownAccount }: Redemption,
): Promise<{ id: string; agentId: string | null } | null> {
  const { rows } = await tx.query(
    `update link_code l set used_at = now(), used_by = n.id from identity n
      where l.code_hash = $1 and l.used_at is null and l.expires_at > now() and n.id = $2
        and (l.contact_id is null or l.contact_id <> n.contact_id)
        and (l.agent_id is null or ($3 and (select a.active from agent a where a.id = l.agent_id)))
      returning l.id, l.agent_id as "agentId"`,
    [hashSecret(code), identityId, ownAccount],
  )
  const used = rows[0] as { id: string; agentId: string | null } | undefined
  if (!used) return null
  if (used.agentId !== null) {
    await tx.query('update identity set agent_id = $2, agent_since = now() where id = $1', [identityId, used.agentId])
  }
  return used
}

/** Whom a used code joins: the person it was made for, and the account that wrote it. */
export async function usedLinkCode(
  q: Queryable,
  id: string,
): Promise<{ contactId: string; identityId: string } | null> {
  const { rows } = await q.query(
    `select contact_id as "contactId", used_by as "identityId" from link_code
      where id = $1 and contact_id is not null and used_by is not null`,
    [id],
  )
  return rows[0] ?? null
}
