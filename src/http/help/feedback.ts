import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { recordFeedback } from '../../store/article-feedback.ts'
import { publicArticle } from '../../store/article-public.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../http-error.ts'
import { requireOwnOrigin } from '../same-origin.ts'
import { isSecure } from '../session-cookie.ts'
import { createVisitorLimiter, usualLimits } from '../visitor-limits.ts'
import { openSite } from './site.ts'

const cookieName = 'tributary_help'
/** Seconds. */
const year = 31_536_000

/** "Was this helpful": a plain form. Until somebody answers it, their browser keeps nothing of ours. */
export function registerFeedback(app: FastifyInstance, deps: HttpDeps): void {
  const limit = createVisitorLimiter(deps.visitorLimits ?? usualLimits)
  app.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1_024 },
      (_request, body, taken) => taken(null, new URLSearchParams(body as string)),
    )
    scope.post('/help/:locale/:slug/feedback', { schema: { hide: true } }, async (request, reply) => {
      requireOwnOrigin(request, deps.publicUrl)
      limit('session', { inboxId: 'help', ip: request.ip })
      const { locale, slug } = request.params as { locale: string; slug: string }
      const said = request.body instanceof URLSearchParams ? request.body.get('helpful') : null
      const site = await openSite(deps, locale)
      const article = site && (await publicArticle(deps.db.pool, { slug }, site.chain))
      if (!article || (said !== 'yes' && said !== 'no')) throw new HttpError(404, 'notFound', 'There is nothing here.')
      const visitor = createHash('sha256')
        .update(visitorOf(request, reply, deps))
        .digest()
      const place = { articleId: article.id, locale: article.locale }
      await recordFeedback(deps.db.pool, place, { visitor, helpful: said === 'yes' })
      return reply.header('cache-control', 'no-store').redirect(`/help/${locale}/${slug}?said=${said}#helpful`, 303)
    })
    done()
  })
}

function visitorOf(request: FastifyRequest, reply: FastifyReply, { publicUrl }: HttpDeps): string {
  const known = request.cookies[cookieName]
  if (known !== undefined && /^[\w-]{22}$/.test(known)) return known
  const made = randomBytes(16).toString('base64url')
  const rules = { path: '/help', httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl), maxAge: year } as const
  reply.setCookie(cookieName, made, rules)
  return made
}
