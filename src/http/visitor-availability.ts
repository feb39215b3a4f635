import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { calendarOf } from '../domain/calendar.ts'
import { chatAvailability } from '../domain/chat-availability.ts'
import { hoursNamed, waitingIn } from '../store/chat-load.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import { findVisitor } from '../store/visitor.ts'
import { visitorAvailability } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { type Visited, visitedOf } from './visitor-door.ts'
import type { VisitorDeps } from './widget.ts'

const query = z.strictObject({ page: z.string().max(2_000).optional() })

/** Whether somebody is there to chat with this visitor, and what else they can do. */
export function registerVisitorAvailability(app: Api, deps: VisitorDeps): void {
  const { pool } = deps.db
  app.get(
    '/availability',
    { schema: { querystring: query, response: { 200: visitorAvailability } } },
    async (request, reply) => {
      const visited = visitedOf(request)
      const { inboxId } = visited.open
      deps.limit('look', { inboxId, ip: request.ip })
      const { regionHeader, ...rules } = visited.door.liveChat?.() ?? {}
      const named = rules.hours === undefined ? null : await hoursNamed(pool, rules.hours)
      const identity = await identityOf(deps, request, visited)
      const { open, why, opensAt } = chatAvailability(rules, {
        at: deps.clock().getTime(),
        calendar: named && calendarOf(named),
        country: identity?.country ?? headerOf(request, regionHeader),
        tier: identity?.tier ?? null,
        path: request.query.page ?? null,
        waiting: rules.mostWaiting === undefined ? 0 : await waitingIn(pool, inboxId, rules.mostWaiting + 1),
      })
      reply.header('cache-control', 'no-store')
      return {
        open,
        why,
        opensAt: opensAt === null ? null : new Date(opensAt).toISOString(),
        help: (await readHelpSettings(pool)).enabled ? `${deps.publicUrl}/help` : null,
      }
    },
  )
}

/** Who has no token yet is nobody in particular. */
async function identityOf(deps: VisitorDeps, request: FastifyRequest, { open }: Visited) {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1]
  return token === undefined ? null : ((await findVisitor(deps.db.pool, open.inboxId, token))?.identity ?? null)
}

/** Only where the operator named it: whoever stands in front of us sets it, and removes what a visitor sent. */
function headerOf(request: FastifyRequest, name: string | undefined): string | null {
  const value = name === undefined ? undefined : request.headers[name.toLowerCase()]
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : null
}
