import { expectedWait } from '../domain/expected-wait.ts'
import type { Database } from '../store/database.ts'
import type { SaidPlace } from '../store/place-notice.ts'
import { placesIn, serviceOf } from '../store/queue-place.ts'

/** Where somebody stands now and how long it may take; null: they wait in no queue, or far back. */
export async function placeOf(
  { db, clock }: { readonly db: Pick<Database, 'pool'>; readonly clock: () => Date },
  { conversationId, teamId }: { readonly conversationId: string; readonly teamId: string | null },
): Promise<SaidPlace | null> {
  if (teamId === null) return null
  const place = (await placesIn(db.pool, [teamId])).get(conversationId)
  if (place === undefined) return null
  return { place, wait: expectedWait(place, await serviceOf(db.pool, teamId, clock())) }
}
