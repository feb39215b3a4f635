import type { Queryable } from './database.ts'
import { hashSecret, newSecret } from './secret.ts'

/** One browser of a website's visitor, known by its token. */
export interface Visitor {
  readonly id: string
  readonly inboxId: string
  /** What the website signed for; null: an unknown visitor. */
  readonly identity: {
    readonly sub: string
    readonly name?: string
    readonly email?: string
    readonly vip?: boolean
    readonly tier?: string
    readonly country?: string
  } | null
  /** Not seen for a day: worth a write. */
  readonly stale: boolean
}

type Profile = { readonly name?: string; readonly email?: string }
type Row = { id: string; inboxId: string; sub: string | null; profile: Profile; stale: boolean }

const YEAR = `interval '1 year'`
const COLUMNS = `id, inbox_id as "inboxId", sub, profile, last_seen_at < now() - interval '1 day' as stale`

export async function createVisitor(q: Queryable, inboxId: string): Promise<{ visitor: Visitor; token: string }> {
  const token = newSecret()
  const { rows } = await q.query({
    name: 'visitor-create',
    text: `insert into visitor (inbox_id, token_hash, expires_at) values ($1, $2, now() + ${YEAR}) returning ${COLUMNS}`,
    values: [inboxId, hashSecret(token)],
  })
  return { visitor: parse(rows[0]), token }
}

/** null: not a token of this inbox, or one that was not used for a year. */
export async function findVisitor(q: Queryable, inboxId: string, token: string): Promise<Visitor | null> {
  const { rows } = await q.query({
    name: 'visitor-find',
    text: `select ${COLUMNS} from visitor where token_hash = $2 and inbox_id = $1 and expires_at > now()`,
    values: [inboxId, hashSecret(token)],
  })
  return rows[0] ? parse(rows[0]) : null
}

export async function touchVisitor(q: Queryable, id: string): Promise<void> {
  await q.query(`update visitor set last_seen_at = now(), expires_at = now() + ${YEAR} where id = $1`, [id])
}

export async function setVisitorIdentity(
  q: Queryable,
  id: string,
  { sub, ...profile }: NonNullable<Visitor['identity']>,
  /** Under which the channel knows this person. */
  identityKey: string,
): Promise<void> {
  await q.query('update visitor set sub = $2, profile = $3, identity_key = $4 where id = $1', [
    id,
    sub,
    JSON.stringify(profile),
    identityKey,
  ])
}

function parse({ id, inboxId, sub, profile, stale }: Row): Visitor {
  return { id, inboxId, stale, identity: sub === null ? null : { sub, ...profile } }
}
