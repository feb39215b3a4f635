import { openAlarms } from '../../store/inbox-alarm.ts'
import { alarm } from '../../wire/alarm.ts'
import { page } from '../../wire/primitive.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'

export function registerAlarms(app: Api, deps: HttpDeps): void {
  app.get(
    '/alarms',
    { config: { access: 'read' }, schema: { summary: 'Inboxes that are down', response: { 200: page(alarm) } } },
    async (request) => {
      requireLead(request)
      const rows = await openAlarms(deps.db.pool, principalOf(request).inboxIds)
      const items = rows.map(({ error, since, ...rest }) => ({
        ...rest,
        since: since.toISOString(),
        ...(error !== null && { error }),
      }))
      return { items, next: null }
    },
  )
}
