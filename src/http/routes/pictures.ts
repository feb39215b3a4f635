import type { PictureLinks } from '../../security/picture-link.ts'
import { conversationOf } from '../../store/conversation-find.ts'
import { setSenderPictures } from '../../store/sender-pictures.ts'
import { pictureQuery, senderPictures } from '../../wire/letter.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'
import { createPictureProxy } from '../picture-proxy.ts'

/** Pictures that letters name elsewhere: fetched by us, and for whom without being asked. */
export function registerPictures(app: Api, deps: HttpDeps, links: PictureLinks): void {
  const picture = createPictureProxy(deps.outboundAllow)
  app.get(
    '/pictures',
    {
      config: { access: 'read' },
      schema: { summary: 'A picture a mail names elsewhere', querystring: pictureQuery },
    },
    async (request, reply) => {
      const { address, expires, signature } = request.query
      const found = links.verify(address, expires, signature) ? await picture(address) : null
      if (!found) throw notFound('This picture')
      return reply
        .headers({
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, max-age=3600',
        })
        .type(found.type)
        .send(found.bytes)
    },
  )
  app.put(
    '/messages/:id/pictures',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Show pictures of its sender without being asked, or no longer',
        params: idParams,
        body: senderPictures,
        response: noContent,
      },
    },
    async (request, reply) => {
      const who = principalOf(request)
      const { id } = request.params
      const { always } = request.body
      const { pool } = deps.db
      if (!(await conversationOf(pool, 'message', id, who))) throw notFound('This message')
      if (!(await setSenderPictures(pool, id, always))) {
        throw new HttpError(422, 'senderNotVerified', 'Nobody vouches that this mail is from who it says.')
      }
      deps.log.info({ event: 'pictures.sender', message: id, agent: who.agentId, always }, 'Pictures of a sender.')
      return reply.code(204).send()
    },
  )
}
