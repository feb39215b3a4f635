import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isQuietTeam } from '../../domain/customer-state.ts'
import { progressLanguage } from '../../domain/progress-words.ts'
import { contentDisposition } from '../../files/file-name.ts'
import { isSafeImage } from '../../files/sniff.ts'
import { placeOf } from '../../routing/queue-place.ts'
import { findFile } from '../../store/file.ts'
import { findProgress, type Progress, progressFile, progressMessages } from '../../store/progress.ts'
import type { HttpDeps } from '../deps.ts'
import { createVisitorLimiter, usualLimits } from '../visitor-limits.ts'
import { createProgressFileUrls } from './file-urls.ts'
import { missingPage, progressPage } from './page.ts'
import { progressPolicy } from './styles.ts'

const hide = { schema: { hide: true } } as const
const mostMessages = 200
/** As we make them: 128 random bits. */
const token = /^[\w-]{22}$/

/** How a case goes on, for whoever was given its address. Nothing can be changed here. */
export function registerProgress(app: FastifyInstance, deps: HttpDeps): void {
  const limit = createVisitorLimiter(deps.visitorLimits ?? usualLimits)
  const urls = createProgressFileUrls(deps.sealer, deps.clock)
  app.get('/t/:token', hide, async (request, reply) => {
    limit('look', { inboxId: '', ip: request.ip })
    const asked = tokenIn(request)
    const progress = await progressFor(deps, asked)
    const language = progressLanguage(request.headers['accept-language'], progress?.language ?? null)
    if (!progress) return answer(reply.code(404), missingPage(language))
    const rows = await progressMessages(deps.db.pool, progress, mostMessages + 1)
    const waits = progress.status === 'open' && !isQuietTeam(progress)
    const page = progressPage({
      language,
      progress,
      messages: rows.slice(-mostMessages),
      cut: rows.length > mostMessages,
      queue: waits ? await placeOf(deps, progress) : null,
      urlOf: (attachmentId) => urls.urlOf(asked, attachmentId),
    })
    return answer(reply, page)
  })
  app.get('/t/:token/files/:attachmentId', hide, async (request, reply) => {
    limit('look', { inboxId: '', ip: request.ip })
    const { attachmentId } = request.params as { attachmentId: string }
    const { until, signature } = request.query as { until?: unknown; signature?: unknown }
    const asked = tokenIn(request)
    const signed =
      typeof until === 'string' &&
      typeof signature === 'string' &&
      /^\d{1,18}$/.test(attachmentId) &&
      urls.allows(asked, attachmentId, { until, signature })
    const progress = signed ? await progressFor(deps, asked) : null
    const fileId = progress && (await progressFile(deps.db.pool, progress, attachmentId))
    const file = fileId === null ? null : await findFile(deps.db.pool, fileId)
    if (!file) return answer(reply.code(404), missingPage(progressLanguage(request.headers['accept-language'], null)))
    // Whatever the bytes are, no browser may run them in our name.
    reply.headers({
      'content-type': file.type === 'text/plain' ? 'text/plain; charset=utf-8' : file.type,
      'content-length': String(file.size),
      'content-disposition': contentDisposition(isSafeImage(file.type) ? 'inline' : 'attachment', file.name),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, max-age=600',
    })
    return reply.send(deps.files.read(file))
  })
}

const tokenIn = (request: FastifyRequest): string => (request.params as { token: string }).token

/** What cannot be one is not even looked for. */
async function progressFor(deps: HttpDeps, asked: string): Promise<Progress | null> {
  return token.test(asked) ? findProgress(deps.db.pool, asked, deps.clock()) : null
}

function answer(reply: FastifyReply, page: string) {
  return reply
    .headers({
      'content-security-policy': progressPolicy,
      'cache-control': 'no-store',
      // The address of this page is the permission.
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      vary: 'Accept-Language',
    })
    .type('text/html; charset=utf-8')
    .send(page)
}
