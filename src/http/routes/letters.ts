import { letterDefaults as defaultsOf } from '../../delivery/write-letter.ts'
import { contentDisposition } from '../../files/file-name.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { createPictureLinks } from '../../security/picture-link.ts'
import { conversationOf, seesConversation } from '../../store/conversation-find.ts'
import { fullTextOf, htmlPartsOf, rawFileOf } from '../../store/letter-parts.ts'
import { replyWay } from '../../store/reply.ts'
import { senderPicturesOf } from '../../store/sender-pictures.ts'
import { fullText, letterDefaults, letterQuery, pageQuery } from '../../wire/letter.ts'
import { type Api, idParams } from '../api.ts'
import { describedCapabilities } from '../capabilities.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { letterPage, letterPolicy } from '../letter-page.ts'
import { registerPictures } from './pictures.ts'

export function registerLetters(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  app.get(
    '/conversations/:id/letter',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Whom an answer would go to',
        params: idParams,
        querystring: letterQuery,
        response: { 200: letterDefaults },
      },
    },
    async (request) => {
      const { id } = request.params
      const { replyTo = null } = request.query
      if (!(await seesConversation(pool, id, principalOf(request)))) throw notFound('This conversation')
      const way = await replyWay(pool, id, replyTo)
      if (!way) throw notFound('The message to answer')
      const { key, kind, audience, place } = way
      const can = await describedCapabilities(deps, way.inboxId, { key, kind, audience, place })
      if (can?.text.pace !== 'letters') throw notFound('A letter')
      const { to, cc, bcc, subject } = await defaultsOf(pool, id, way, replyTo)
      return { to: [...to], cc: [...cc], bcc: [...bcc], subject }
    },
  )
  app.get(
    '/messages/:id/full',
    {
      config: { access: 'read' },
      schema: { summary: 'With what it quotes', params: idParams, response: { 200: fullText } },
    },
    async (request) => {
      const { id } = request.params
      const seen = await conversationOf(pool, 'message', id, principalOf(request))
      const text = seen && (await fullTextOf(pool, id))
      if (text === null) throw notFound('This message')
      return { text }
    },
  )
  registerPages(app, deps, links)
}

function registerPages(app: Api, deps: HttpDeps, links: FileLinks): void {
  const { pool } = deps.db
  const pictureLinks = createPictureLinks(deps.sealer, deps.clock)
  app.get(
    '/messages/:id/html',
    {
      config: { access: 'read' },
      schema: { summary: 'A page to show in a frame', params: idParams, querystring: pageQuery },
    },
    async (request, reply) => {
      const { id } = request.params
      const seen = await conversationOf(pool, 'message', id, principalOf(request))
      const parts = seen && (await htmlPartsOf(pool, id))
      if (!parts) throw notFound('This message')
      const senderPictures = await senderPicturesOf(pool, id)
      const shown = (request.query.pictures ?? (senderPictures === 'always' ? '1' : '0')) === '1'
      const pictureUrl = shown ? pictureLinks.urlOf : null
      const page = await letterPage(parts, { fileUrl: links.urlOf, pictureUrl, senderPictures })
      return reply
        .headers({ 'content-security-policy': letterPolicy, ...quiet, 'referrer-policy': 'no-referrer' })
        .type('text/html; charset=utf-8')
        .send(page)
    },
  )
  app.get(
    '/messages/:id/raw',
    {
      config: { access: 'read' },
      schema: { summary: 'As it came, for thirty days', params: idParams },
    },
    async (request, reply) => {
      const { id } = request.params
      const seen = await conversationOf(pool, 'message', id, principalOf(request))
      const file = seen && (await rawFileOf(pool, id))
      if (!file) throw notFound('This message')
      return reply
        .headers({
          ...quiet,
          ...sealed,
          'content-length': file.size,
          'content-disposition': contentDisposition('attachment', `message-${id}.eml`),
        })
        .type('message/rfc822')
        .send(deps.files.read(file))
    },
  )
  registerPictures(app, deps, pictureLinks)
}

const quiet = { 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' }
const sealed = { 'content-security-policy': "default-src 'none'; sandbox" }
