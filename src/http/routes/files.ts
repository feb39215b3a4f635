import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf } from '../../domain/principal.ts'
import { contentDisposition } from '../../files/file-name.ts'
import { isSafeImage } from '../../files/sniff.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { type FileRow, findFile, findVisibleFile } from '../../store/file.ts'
import { file } from '../../wire/file.ts'
import { type Api, idParams } from '../api.ts'
import { authenticate } from '../authenticate.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, HttpError, notFound } from '../http-error.ts'
import { once } from '../idempotency.ts'

const MAX_FILE = 25 * 1024 * 1024
const linkQuery = z.strictObject({ expires: z.string().max(12).optional(), signature: z.string().max(100).optional() })

export function registerFiles(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.post(
    '/files',
    {
      config: { access: 'write' },
      bodyLimit: MAX_FILE + 64 * 1024,
      schema: {
        summary: 'Upload one file as multipart/form-data',
        consumes: ['multipart/form-data'],
        response: { 201: file },
      },
    },
    async (request, reply) => {
      const row = await receive(deps, request)
      await once(deps, request, reply, Buffer.from(`${row.sha256}:${row.name}`))
      if (reply.sent) return reply
      const { id, name, type, size } = row
      return reply.code(201).send({ id, name, type, size, url: links.urlOf(id) })
    },
  )
  app.get(
    '/files/:id',
    // Pictures in a page and saved links carry a signature instead of a session: the handler asks for either.
    { config: { access: 'public' }, schema: { summary: 'The bytes', params: idParams, querystring: linkQuery } },
    async (request, reply) => {
      const { expires, signature } = request.query
      const { id } = request.params
      const signed = expires !== undefined && signature !== undefined && links.verify(id, expires, signature)
      const row = signed ? await findFile(deps.db.pool, id) : await findForPrincipal(deps, request, id)
      if (!row) throw notFound('This file')
      return send(deps, reply, row)
    },
  )
}

async function receive(deps: HttpDeps, request: FastifyRequest): Promise<FileRow> {
  if (!request.isMultipart()) {
    throw new HttpError(415, 'unsupportedMediaType', 'Send the file as multipart/form-data.')
  }
  const owner = actorOf(principalOf(request))
  for await (const part of request.parts()) {
    if (part.type === 'field') throw badField(part.fieldname, 'is not known here: send the file alone')
    return deps.files.store({ stream: part.file, name: part.filename ?? '', owner, maxBytes: MAX_FILE })
  }
  throw badField('file', 'is missing')
}

async function findForPrincipal(deps: HttpDeps, request: FastifyRequest, id: string): Promise<FileRow | null> {
  const who = await authenticate(deps, request)
  if (!who?.scopes.includes('read')) return null
  return findVisibleFile(deps.db.pool, id, who, actorOf(who))
}

function send(deps: HttpDeps, reply: FastifyReply, row: FileRow) {
  const inline = isSafeImage(row.type)
  reply.headers({
    'content-type': row.type === 'text/plain' ? 'text/plain; charset=utf-8' : row.type,
    'content-length': row.size,
    'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', row.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=3600, immutable',
  })
  return reply.send(deps.files.read(row))
}
