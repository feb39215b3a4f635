import type { Queryable } from './database.ts'

/** How conversations are carried on: somebody waits at an open page, writes back and forth, or exchanges letters. */
export type Pace = 'live' | 'messages' | 'letters'

export async function inboxesWithoutPace(q: Queryable, limit: number): Promise<string[]> {
  const { rows } = await q.query({
    name: 'inbox-paceless',
    text: 'select id from inbox where pace is null and deleted_at is null order by id limit $1',
    values: [limit],
  })
  return (rows as { id: string }[]).map(({ id }) => id)
}

export async function setPace(q: Queryable, inboxId: string, pace: Pace): Promise<void> {
  await q.query({ name: 'inbox-pace', text: 'update inbox set pace = $2 where id = $1', values: [inboxId, pace] })
}
