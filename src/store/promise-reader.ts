import type { Queryable } from './database.ts'

export interface ReaderState {
  /** null: nobody ever looked. */
  readonly position: string | null
  /** Of the newest change there is. */
  readonly head: string
  /** Somebody promises something, or reminds somebody. */
  readonly needed: boolean
}

export async function readerState(q: Queryable): Promise<ReaderState> {
  const { rows } = await q.query({
    name: 'promise-reader',
    text: `select r.position, h.position as head, exists (select from sla_policy)
        or exists (select from inbox where remind_after_hours is not null)
        or exists (select from promise where ended_at is null) or exists (select from follow_up) as needed
      from feed_head h left join promise_reader r on true`,
  })
  return rows[0] as ReaderState
}

/** Who holds it may change promises; null: another process does just now. `wait`: until it is done. */
export async function lockReader(tx: Queryable, wait: boolean): Promise<string | null> {
  const { rows } = await tx.query({
    name: wait ? 'promise-reader-wait' : 'promise-reader-lock',
    text: `select position from promise_reader for update ${wait ? '' : 'skip locked'}`,
  })
  return (rows[0] as { position: string } | undefined)?.position ?? null
}

export interface FeedChanges {
  readonly conversationIds: readonly string[]
  /** Everything up to here was looked at. */
  readonly position: string
}

/** What happened to conversations after `position`. What promises themselves told is left out. */
export async function changesAfter(tx: Queryable, position: string, limit: number): Promise<FeedChanges> {
  const { rows } = await tx.query({
    name: 'promise-changes',
    text: `select position, case when kind <> 'routed' and (data ->> 'by') is distinct from 'promises' then conversation_id end as id
      from feed where position > $1 order by position limit $2`,
    values: [position, limit],
  })
  const seen = rows as { position: string; id: string | null }[]
  const conversationIds = [...new Set(seen.flatMap(({ id }) => id ?? []))]
  return { conversationIds, position: seen.at(-1)?.position ?? position }
}

/** Never backwards: what nobody needed to read may have been skipped meanwhile. '0' only makes sure that there is a row to lock. */
export async function setReader(q: Queryable, position: string): Promise<void> {
  await q.query({
    name: 'promise-reader-set',
    text: `insert into promise_reader as r (position) values ($1)
      on conflict (only_row) do update set position = excluded.position where r.position < excluded.position`,
    values: [position],
  })
}
