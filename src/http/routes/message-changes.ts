import { ChangeRefused } from '../../delivery/change-parts.ts'
import { editMessage, reactToMessage, removeMessage } from '../../delivery/change-sent.ts'
import { actorOf, type Principal } from '../../domain/principal.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { conversationOf } from '../../store/conversation-find.ts'
import { findMessage } from '../../store/message-list.ts'
import { changeableMessage } from '../../store/message-sent.ts'
import { messageAnswer, messageEdit, messageReactions } from '../../wire/message.ts'
import { type Api, idParams } from '../api.ts'
import { messageView } from '../conversation-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { forbidden, HttpError, notFound } from '../http-error.ts'

/** What was said already, changed afterwards: here at once, at the platform through the outbox. */
export function registerMessageChanges(app: Api, deps: HttpDeps, links: FileLinks): void {
  const answer = async (who: Principal, id: string, work: () => Promise<unknown>) => {
    if (!(await conversationOf(deps.db.pool, 'message', id, who))) throw notFound('This message')
    await mapRefusals(work)
    const row = await findMessage(deps.db.pool, id)
    if (!row) throw notFound('This message')
    return { message: messageView(row, links.urlOf) }
  }
  const base = { params: idParams, response: { 200: messageAnswer } }
  app.patch(
    '/messages/:id',
    {
      config: { access: 'write' },
      schema: { ...base, summary: 'Change what was said, where the channel can', body: messageEdit },
    },
    (request) => {
      const who = principalOf(request)
      const { id } = request.params
      return answer(who, id, async () => {
        await requireAuthor(deps, who, id)
        await editMessage(deps, { messageId: id, text: request.body.text, actor: actorOf(who) })
      })
    },
  )
  app.delete(
    '/messages/:id',
    {
      config: { access: 'write' },
      schema: { ...base, summary: 'Call back what was said, where the channel can' },
    },
    (request) => {
      const who = principalOf(request)
      const { id } = request.params
      return answer(who, id, async () => {
        await requireAuthor(deps, who, id)
        await removeMessage(deps, { messageId: id, actor: actorOf(who) })
      })
    },
  )
  app.post(
    '/messages/:id/reactions',
    {
      config: { access: 'write' },
      schema: { ...base, summary: 'React, where the channel can', body: messageReactions },
    },
    (request) => {
      const { id } = request.params
      const reactions = [...new Set(request.body.reactions)]
      return answer(principalOf(request), id, () => reactToMessage(deps, { messageId: id, reactions }))
    },
  )
}

/** Nobody puts words into a colleague's mouth; who answers for the desk may. */
async function requireAuthor({ db }: HttpDeps, who: Principal, messageId: string): Promise<void> {
  if (who.role !== 'agent') return
  const message = await changeableMessage(db.pool, messageId)
  if (message === null || message.direction === 'in' || message.authorKey === actorOf(who)) return
  throw forbidden('Only who wrote a message, or a supervisor, may change it.')
}

async function mapRefusals(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    if (error.code === 'unknownMessage') throw notFound('This message')
    const status = error.code === 'empty' ? 400 : error.code === 'deleted' || error.code === 'notSent' ? 409 : 422
    throw new HttpError(status, error.code, error.message)
  }
}
