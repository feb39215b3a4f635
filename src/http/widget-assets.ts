import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

interface Script {
  readonly plain: Buffer
  readonly zipped: Buffer
  readonly tag: string
}

const compress = promisify(gzip)

/** `/widget.js` under a name that never changes, the panel under one that changes with its content. */
export async function registerWidgetAssets(app: FastifyInstance, root: string | undefined): Promise<void> {
  const names = root !== undefined && existsSync(root) ? await readdir(root) : []
  const panelName = names.find((name) => /^panel-[\w-]+\.js$/.test(name))
  const loader = names.includes('widget.js') ? await load(join(root ?? '', 'widget.js')) : null
  const panel = panelName === undefined ? null : await load(join(root ?? '', panelName))

  app.get('/widget.js', { schema: { hide: true } }, (request, reply) =>
    send(request, reply, loader, 'public, max-age=300, stale-while-revalidate=86400'),
  )
  app.get('/widget/v1/:file(^panel-[\\w-]+\\.js$)', { schema: { hide: true } }, (request, reply) => {
    // A loader cached before an update still asks for the panel of then: it gets the one of now, for a short time.
    const current = (request.params as { file: string }).file === panelName
    return send(request, reply, panel, current ? 'public, max-age=31536000, immutable' : 'public, max-age=60')
  })
}

async function load(path: string): Promise<Script> {
  const plain = await readFile(path)
  const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { plain, zipped: await compress(plain, { level: 9 }), tag }
}

function send(request: FastifyRequest, reply: FastifyReply, script: Script | null, cacheControl: string) {
  if (!script) throw new HttpError(404, 'notFound', 'The chat is not built. Run `npm run build`.')
  reply.headers({
    'cache-control': cacheControl,
    etag: script.tag,
    vary: 'Accept-Encoding',
    // For pages of any website; helmet would keep it to our own.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
  if (request.headers['if-none-match'] === script.tag) return reply.code(304).send()
  reply.type('text/javascript; charset=utf-8')
  const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  return zipped ? reply.header('content-encoding', 'gzip').send(script.zipped) : reply.send(script.plain)
}
