import type { FastifyInstance, FastifyReply } from 'fastify'
import { contentDisposition } from '../../files/file-name.ts'
import { isPlayable } from '../../files/sniff.ts'
import { findPublicFile } from '../../store/article-file.ts'
import type { FileRow } from '../../store/file.ts'
import { id } from '../../wire/primitive.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../http-error.ts'

/** Pictures, videos and captions of published articles, for everybody. Whatever no published article names is not here. */
export function registerPublicFiles(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/help/files/:id/:name', { schema: { hide: true } }, async (request, reply) => {
    const parsed = id.safeParse((request.params as { id: string }).id)
    const file = parsed.success ? await findPublicFile(deps.db.pool, parsed.data) : null
    if (!file) throw new HttpError(404, 'notFound', 'There is nothing here.')
    return sendFile(deps, reply, { file, range: request.headers.range, tag: request.headers['if-none-match'] })
  })
}

interface Wish {
  readonly file: FileRow
  readonly range: string | undefined
  readonly tag: string | undefined
}

function sendFile(deps: HttpDeps, reply: FastifyReply, { file, range, tag }: Wish) {
  const own = `"${file.sha256.slice(0, 32)}"`
  reply.headers({
    'content-disposition': contentDisposition(isPlayable(file.type) ? 'inline' : 'attachment', file.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    // What an id names never changes.
    'cache-control': 'public, max-age=31536000, immutable',
    'cross-origin-resource-policy': 'cross-origin',
    'accept-ranges': 'bytes',
    etag: own,
  })
  if (tag === own) return reply.code(304).send()
  reply.type(file.type.startsWith('text/') ? `${file.type}; charset=utf-8` : file.type)
  const part = range === undefined ? undefined : rangeOf(range, file.size)
  if (part === undefined) return reply.header('content-length', file.size).send(deps.files.read(file))
  if (part === null) return reply.code(416).header('content-range', `bytes */${file.size}`).type('text/plain').send('')
  return reply
    .code(206)
    .headers({
      'content-range': `bytes ${part.start}-${part.end}/${file.size}`,
      'content-length': part.end - part.start + 1,
    })
    .send(deps.files.read(file, part))
}

/** Of one range; undefined: the whole file, as for several or what is not understood; null: beyond its end. */
function rangeOf(header: string, size: number): { start: number; end: number } | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? []
  if (first === '' && last === '') return undefined
  if (first === '') return Number(last) === 0 ? null : { start: Math.max(0, size - Number(last)), end: size - 1 }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (start >= size) return null
  return end < start ? undefined : { start, end }
}
