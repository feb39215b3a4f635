import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { listInboxes } from '../store/inbox.ts'
import { id } from '../wire/primitive.ts'
import { demoPage, demoStyles } from './demo-page.ts'
import type { HttpDeps } from './deps.ts'

const styleHash = `'sha256-${createHash('sha256').update(demoStyles).digest('base64')}'`
// What a careful website would allow, so that the page also shows that the chat keeps to it.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src ${styleHash}`,
  "img-src 'self' blob: data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** An imaginary company's page with the chat on it: what a website's own visitors will see. */
export function registerWidgetDemo(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/demo', { schema: { hide: true } }, async (request, reply) => {
    reply.header('content-security-policy', policy).header('cache-control', 'no-store')
    return reply
      .type('text/html; charset=utf-8')
      .send(demoPage(await demoInbox(deps, request), demoAttributes(request)))
  })
}

async function demoInbox(deps: HttpDeps, request: FastifyRequest): Promise<string | null> {
  const { inbox } = request.query as { inbox?: unknown }
  if (typeof inbox === 'string' && id.safeParse(inbox).success) return inbox
  const withDoor = new Set(deps.channels.filter(hasDoor).map((channel) => channel.id))
  const inboxes = await listInboxes(deps.db.pool)
  return inboxes.find((one) => one.enabled && withDoor.has(one.channel))?.id ?? null
}

function hasDoor(channel: HttpDeps['channels'][number]): boolean {
  try {
    return channel.capabilities(channel.parseSettings({})).visitors
  } catch {
    // It needs settings, so its customers write elsewhere.
    return false
  }
}

/** `?locale=zh&theme=dark&accent=%23663399`, to look at the chat in every dress. */
function demoAttributes(request: FastifyRequest): Record<string, string> {
  const query = request.query as Record<string, unknown>
  const taken = ['locale', 'theme', 'accent'].flatMap((name) => {
    const value = query[name]
    return typeof value === 'string' && /^[#\w(),.% -]{1,60}$/.test(value) ? [[name, value]] : []
  })
  return Object.fromEntries(taken)
}
