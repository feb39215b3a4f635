import { expectedWait } from '../domain/expected-wait.ts'
import type { Database } from '../store/database.ts'
import type { SaidPlace } from '../store/place-notice.ts'
import { placesIn, serviceOf } from '../store/queue-place.ts'

interface QueueGround {
  readonly db: Pick<Database, 'pool'>
  readonly clock: () => Date
}

/** Where anybody in this team's queue stands now and how long it may take; null: not in it, or far back. */
export async function placeInTeam(
  { db, clock }: QueueGround,
  teamId: string,
): Promise<(conversationId: string) => SaidPlace | null> {
  const places = await placesIn(db.pool, [teamId])
  const service = await serviceOf(db.pool, teamId, clock())
  return (conversationId) => {
    const place = places.get(conversationId)
    return place === undefined ? null : { place, wait: expectedWait(place, service) }
  }
}

export async function placeOf(
  ground: QueueGround,
  { conversationId, teamId }: { readonly conversationId: string; readonly teamId: string | null },
): Promise<SaidPlace | null> {
  return teamId === null ? null : (await placeInTeam(ground, teamId))(conversationId)
}
