import type { ThreadRef } from '../channel/contract.ts'
import type { Queryable } from './database.ts'

export interface ThreadRow {
  readonly id: string
  readonly key: string
  readonly kind: string
  readonly audience: string
  readonly place: string
  readonly conversationId: string | null
}

const COLUMNS = `id, key, kind, audience, place, conversation_id as "conversationId"`

/**
 * The threads of these keys, made where they are missing, locked in key order until the transaction ends: this lock is
 * what gives a thread one order. Two transactions that meet on a brand-new key may deadlock; PostgreSQL ends one of
 * them with 40P01 and its batch comes again.
 */
export async function lockThreads(
  tx: Queryable,
  inboxId: string,
  refs: readonly ThreadRef[],
): Promise<Map<string, ThreadRow>> {
  return completeThreads(tx, inboxId, refs, await lockExistingThreads(tx, inboxId, refs))
}

/** The first step of `lockThreads`, for whoever asks for something else at the same time. */
export async function lockExistingThreads(
  tx: Queryable,
  inboxId: string,
  refs: readonly ThreadRef[],
): Promise<Map<string, ThreadRow>> {
  return lockExisting(tx, inboxId, [...new Set(refs.map((ref) => ref.key))])
}

/** The second step: makes the missing ones. */
export async function completeThreads(
  tx: Queryable,
  inboxId: string,
  refs: readonly ThreadRef[],
  found: Map<string, ThreadRow>,
): Promise<Map<string, ThreadRow>> {
  const wanted = new Map([...refs].sort((a, b) => (a.key < b.key ? -1 : 1)).map((ref) => [ref.key, ref]))
  const missing = [...wanted.values()].filter((ref) => !found.has(ref.key))
  if (missing.length > 0) {
    await tx.query({
      name: 'thread-insert',
      text: `insert into thread (inbox_id, key, kind, audience, place)
        select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[]) on conflict (inbox_id, key) do nothing`,
      values: [
        inboxId,
        missing.map((r) => r.key),
        missing.map((r) => r.kind),
        missing.map((r) => r.audience),
        missing.map((r) => r.place ?? r.key),
      ],
    })
    const made = await lockExisting(
      tx,
      inboxId,
      missing.map((r) => r.key),
    )
    for (const [key, row] of made) found.set(key, row)
  }
  await updateChanged(tx, found, wanted)
  return found
}

async function lockExisting(tx: Queryable, inboxId: string, keys: readonly string[]): Promise<Map<string, ThreadRow>> {
  const { rows } = await tx.query({
    name: 'thread-lock',
    text: `select ${COLUMNS} from thread where inbox_id = $1 and key = any($2::text[]) order by key collate "C" for no key update`,
    values: [inboxId, keys],
  })
  return new Map(rows.map((row: ThreadRow) => [row.key, row]))
}

async function updateChanged(
  tx: Queryable,
  found: ReadonlyMap<string, ThreadRow>,
  wanted: ReadonlyMap<string, ThreadRef>,
): Promise<void> {
  for (const [key, row] of found) {
    const ref = wanted.get(key)
    if (!ref || (ref.audience === row.audience && ref.kind === row.kind && (ref.place ?? key) === row.place)) continue
    await tx.query('update thread set kind = $2, audience = $3, place = $4 where id = $1', [
      row.id,
      ref.kind,
      ref.audience,
      ref.place ?? key,
    ])
  }
}

/** What is there already under its new key stays as it is: somebody was faster than the news. */
export async function renameAlike(
  tx: Queryable,
  { place }: ThreadRow,
  inboxId: string,
  wish: { readonly from: string; readonly to: string; readonly audience: string },
): Promise<void> {
  await tx.query(
    `with alike as (select id, $4 || substr(key, length($3) + 1) as "to" from thread
        where inbox_id = $1 and place = $2 and starts_with(key, $3) order by key collate "C" for no key update)
      update thread set key = a."to", audience = $5 from alike a where thread.id = a.id
        and not exists (select 1 from thread t where t.inbox_id = $1 and t.key = a."to")`,
    [inboxId, place, wish.from, wish.to, wish.audience],
  )
}

export async function renameThread(tx: Queryable, row: ThreadRow, inboxId: string, to: ThreadRef): Promise<void> {
  const place = to.place ?? to.key
  await tx.query(
    `update thread set key = $3, kind = $4, audience = $5 where id = $2
       and not exists (select 1 from thread t where t.inbox_id = $1 and t.key = $3)`,
    [inboxId, row.id, to.key, to.kind, to.audience],
  )
  // Limits count by place, so everything waiting for the old one moves along.
  await tx.query('update thread set place = $3 where inbox_id = $1 and place = $2', [inboxId, row.place, place])
  await tx.query(`update delivery set place = $3 where inbox_id = $1 and place = $2 and state in ('pending', 'held')`, [
    inboxId,
    row.place,
    place,
  ])
}

export async function pointThreads(
  tx: Queryable,
  pairs: readonly { threadId: string; conversationId: string }[],
): Promise<void> {
  await tx.query({
    name: 'thread-point',
    text: `update thread set conversation_id = p.c from unnest($1::bigint[], $2::bigint[]) p(t, c) where thread.id = p.t`,
    values: [pairs.map((p) => p.threadId), pairs.map((p) => p.conversationId)],
  })
}
