import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDeps } from './deps.ts'
import { HttpError } from './http-error.ts'
import type { KnownPaths } from './known-paths.ts'

const OURS = /^\/(api|hooks|widget|healthz|readyz|metrics|openapi\.json|demo)(\/|$|\.)/

/** The built inbox at `/`; every other page of it is the same index.html, which reads the address itself. */
export async function registerWebFiles(app: FastifyInstance, deps: HttpDeps, paths: KnownPaths): Promise<void> {
  const { webRoot } = deps
  if (webRoot !== undefined && existsSync(webRoot)) {
    // To the file server this is a folder, which it forbids.
    app.get('/', { schema: { hide: true } }, async (_request, reply) => sendIndex(reply, webRoot))
    await app.register(fastifyStatic, {
      root: webRoot,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names in assets/ carry a hash of what is in them.
        const forever = path.includes('/assets/')
        reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    const [path = '/'] = request.url.split('?')
    if (webRoot !== undefined && isPage(request, path)) return sendIndex(reply, webRoot)
    const methods = paths.methodsOf(path)
    if (methods.length > 0 && !methods.includes(request.method)) {
      reply.header('allow', methods.join(', '))
      throw new HttpError(405, 'methodNotAllowed', `${request.method} is not possible here.`)
    }
    throw new HttpError(404, 'notFound', 'There is nothing here.')
  })
}

function isPage(request: FastifyRequest, path: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  return !OURS.test(path) && !path.startsWith('/assets/') && !/\.[a-z0-9]{2,5}$/i.test(path)
}

async function sendIndex(reply: FastifyReply, webRoot: string) {
  const page = await readFile(join(webRoot, 'index.html')).catch(() => null)
  if (page === null) throw new HttpError(404, 'notFound', 'The inbox is not built. Run `npm run build`.')
  return reply.code(200).header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
}
