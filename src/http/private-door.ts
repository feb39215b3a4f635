import { privateDoorWords } from '../domain/private-door-words.ts'
import { contactLanguage } from '../store/contact-language.ts'
import { replyWay } from '../store/reply.ts'
import type { PrivateDoor } from '../wire/conversation.ts'
import type { HttpDeps } from './deps.ts'
import { HttpError, notFound } from './http-error.ts'

/** The way out of a public place, and the sentence that shows it to the customer. */
export async function privateDoorOf(deps: HttpDeps, conversationId: string): Promise<PrivateDoor> {
  const way = await replyWay(deps.db.pool, conversationId, null)
  if (!way) throw notFound('This conversation')
  const { key, kind, audience, place } = way
  // Only a live connection knows which account of the platform it is.
  const open = await deps.connections.get(way.inboxId)
  const url = open.connection.privateDoor?.({ key, kind, audience, place }) ?? null
  if (url === null) throw new HttpError(409, 'noPrivateDoor', 'There is no private place to go on in.')
  return { url, text: privateDoorWords(await contactLanguage(deps.db.pool, conversationId), url) }
}
