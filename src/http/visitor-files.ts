import { z } from 'zod'
import { contentDisposition } from '../files/file-name.ts'
import { FileMissing } from '../files/files.ts'
import { isSafeImage } from '../files/sniff.ts'
import { findFile } from '../store/file.ts'
import { id } from '../wire/primitive.ts'
import { visitorFileAnswer } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { HttpError, notFound } from './http-error.ts'
import { visitedOf, visitorOf } from './visitor-door.ts'
import type { VisitorDeps } from './widget.ts'

const fileParams = z.strictObject({ inboxId: id, fileId: id })
const fileQuery = z.strictObject({ until: z.string().regex(/^\d{13}$/), signature: z.string().max(100) })

export function registerVisitorFiles(app: Api, deps: VisitorDeps): void {
  app.post('/files', { schema: { response: { 201: visitorFileAnswer } } }, async (request, reply) => {
    const { open } = visitedOf(request)
    const visitor = await visitorOf(deps, request)
    deps.limit('file', { inboxId: open.inboxId, ip: request.ip, visitorId: visitor.id })
    const { maxBytes } = open.adapter.capabilities(open.settings).attachments
    if (!request.isMultipart()) {
      throw new HttpError(415, 'unsupportedMediaType', 'Send the file as multipart/form-data.')
    }
    // One byte more than allowed, so that a longer file is refused and not cut.
    const part = await request.file({ limits: { fileSize: maxBytes + 1 } })
    if (!part) throw new HttpError(400, 'badRequest', 'There is no file in this request.')
    const owner = `visitor:${visitor.id}`
    const file = await deps.files.store({ stream: part.file, name: part.filename ?? '', owner, maxBytes })
    reply.code(201).header('cache-control', 'no-store')
    const { id: fileId, name, type, size } = file
    return { file: { id: fileId, name, type, size, url: deps.urls.file(open.inboxId, fileId) } }
  })

  app.get('/files/:fileId', { schema: { params: fileParams, querystring: fileQuery } }, async (request, reply) => {
    const { inboxId, fileId } = request.params
    if (!deps.urls.allows(inboxId, fileId, request.query)) throw notFound('This file')
    const file = await findFile(deps.db.pool, fileId)
    if (!file) throw new FileMissing(fileId)
    // Whatever the bytes are, no browser may run them in our name.
    reply.headers({
      'content-type': file.type,
      'content-length': String(file.size),
      'content-disposition': contentDisposition(isSafeImage(file.type) ? 'inline' : 'attachment', file.name),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, max-age=3600, immutable',
    })
    return reply.send(deps.files.read(file))
  })
}
