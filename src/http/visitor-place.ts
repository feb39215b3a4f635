import { placeInTeam } from '../routing/queue-place.ts'
import { waitingCase } from '../store/visitor-place.ts'
import { visitorPlace } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { placesOf, visitedOf, visitorOf } from './visitor-door.ts'
import type { VisitorDeps } from './widget.ts'

/** ms. A crowd that looks at once is answered from one look at the queue. */
const keptMs = 2_000

/** Where a visitor stands, worked out anew: a page that was closed, or lost its connection, has lost nothing. */
export function registerVisitorPlace(app: Api, deps: VisitorDeps): void {
  const teams = new Map<string, { readonly at: number; readonly look: ReturnType<typeof placeInTeam> }>()
  const lookAt = (teamId: string) => {
    const known = teams.get(teamId)
    if (known && performance.now() - known.at < keptMs) return known.look
    const look = placeInTeam(deps, teamId)
    teams.set(teamId, { at: performance.now(), look })
    // What failed is asked again by the next one.
    look.catch(() => teams.delete(teamId))
    return look
  }
  app.get('/place', { schema: { response: { 200: visitorPlace } } }, async (request, reply) => {
    const visited = visitedOf(request)
    const visitor = await visitorOf(deps, request)
    deps.limit('look', { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
    const places = await placesOf(deps, visited, visitor)
    const waiting = await waitingCase(
      deps.db.pool,
      places.map((place) => place.threadId),
    )
    reply.header('cache-control', 'no-store')
    const found = waiting && (await lookAt(waiting.teamId))(waiting.id)
    return found ?? { place: null, wait: null }
  })
}
