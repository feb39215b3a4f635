import { isDeepStrictEqual } from 'node:util'
import type { Sender } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export interface IdentityRow {
  readonly id: string
  readonly key: string
  readonly contactId: string
  /** Staff who answers in the platform's own app; null also where they do not work here any more. */
  readonly agentId: string | null
  readonly name: string
  readonly verifiedBy: string | null
  readonly profile: Readonly<Record<string, unknown>>
}

const COLUMNS = `id, key, contact_id as "contactId", name, verified_by as "verifiedBy", profile,
  case when agent_id is not null then (select a.id from agent a where a.id = agent_id and a.active) end as "agentId"`

/** The identities of these senders, each new one with a contact of its own: claimed identities never merge anything. */
export async function resolveIdentities(
  tx: Queryable,
  channel: string,
  senders: readonly Sender[],
): Promise<Map<string, IdentityRow>> {
  return completeIdentities(tx, channel, senders, await existingIdentities(tx, channel, senders))
}

/** The first step of `resolveIdentities`, for whoever asks for something else at the same time. */
export async function existingIdentities(
  tx: Queryable,
  channel: string,
  senders: readonly Sender[],
): Promise<Map<string, IdentityRow>> {
  return existing(tx, channel, [...new Set(senders.map((s) => s.key))])
}

/** The second step: makes the missing ones. */
export async function completeIdentities(
  tx: Queryable,
  channel: string,
  senders: readonly Sender[],
  found: Map<string, IdentityRow>,
): Promise<Map<string, IdentityRow>> {
  const wanted = new Map([...senders].sort((a, b) => (a.key < b.key ? -1 : 1)).map((s) => [s.key, s]))
  const missing = [...wanted.values()].filter((s) => !found.has(s.key))
  if (missing.length > 0) {
    await insertMissing(tx, channel, missing)
    const made = await existing(
      tx,
      channel,
      missing.map((s) => s.key),
    )
    for (const [key, row] of made) found.set(key, row)
  }
  await updateChanged(tx, [...found.values()], wanted)
  return found
}

async function existing(tx: Queryable, channel: string, keys: readonly string[]): Promise<Map<string, IdentityRow>> {
  const { rows } = await tx.query({
    name: 'identity-find',
    text: `select ${COLUMNS} from identity where channel = $1 and key = any($2::text[])`,
    values: [channel, keys],
  })
  return new Map(rows.map((row: IdentityRow) => [row.key, row]))
}

// The contact's id is drawn first and its row written only for identities that were really inserted: a race lost
// leaves no orphan behind.
async function insertMissing(tx: Queryable, channel: string, missing: readonly Sender[]): Promise<void> {
  await tx.query({
    name: 'identity-insert',
    text: `with added as (
        insert into identity (contact_id, channel, key, name, verified_by, profile)
        select nextval('contact_id_seq'), $1, w.key, w.name, w.verified_by, w.profile
          from unnest($2::text[], $3::text[], $4::text[], $5::jsonb[]) with ordinality w(key, name, verified_by, profile, n)
         order by w.n
        on conflict (channel, key) do nothing returning contact_id, name, key)
      insert into contact (id, name, language)
      select a.contact_id, a.name, l.language from added a
        join unnest($2::text[], $6::text[]) l(key, language) on l.key = a.key`,
    values: [
      channel,
      missing.map((s) => s.key),
      missing.map((s) => s.name ?? ''),
      missing.map((s) => s.verifiedBy ?? null),
      missing.map((s) => JSON.stringify(profileOf(s))),
      missing.map((s) => s.language ?? null),
    ],
  })
}

async function updateChanged(
  tx: Queryable,
  rows: readonly IdentityRow[],
  wanted: ReadonlyMap<string, Sender>,
): Promise<void> {
  const changed = rows.flatMap((row) => changesOf(row, wanted.get(row.key)) ?? [])
  // All identities, then all contacts, each in the order of their ids: as whoever makes two people one locks them.
  for (const { row, name, verifiedBy, profile } of changed.sort((a, b) => byId(a.row.id, b.row.id))) {
    await tx.query(`update identity set name = $2, verified_by = $3, profile = profile || $4 where id = $1`, [
      row.id,
      name,
      verifiedBy,
      JSON.stringify(profile),
    ])
  }
  const renamed = changed.filter(({ row, name }) => name !== row.name)
  for (const { row, name } of renamed.sort((a, b) => byId(a.row.contactId, b.row.contactId))) {
    // An agent may have given the contact a better name than the platform's: only an untouched one follows.
    await tx.query(`update contact set name = $2 where id = $1 and name in ('', $3)`, [row.contactId, name, row.name])
  }
}

function changesOf(row: IdentityRow, sender: Sender | undefined) {
  if (!sender) return null
  const name = sender.name ?? row.name
  const verifiedBy = row.verifiedBy ?? sender.verifiedBy ?? null
  const profile = profileOf(sender)
  const told = Object.entries(profile).some(([what, value]) => !isDeepStrictEqual(row.profile[what], value))
  return name === row.name && verifiedBy === row.verifiedBy && !told ? null : { row, name, verifiedBy, profile }
}

function byId(left: string, right: string): number {
  return BigInt(left) < BigInt(right) ? -1 : 1
}

export function profileOf(sender: Sender): Record<string, unknown> {
  return {
    ...sender.profile,
    ...(sender.email ? { email: sender.email } : {}),
    ...(sender.subject !== undefined && sender.verifiedBy !== undefined ? { subject: sender.subject } : {}),
  }
}
