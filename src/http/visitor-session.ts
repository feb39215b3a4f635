import type { VisitorIdentity, VisitorRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { letterWay } from '../delivery/letter-way.ts'
import { createVisitor, findVisitor, setVisitorIdentity, touchVisitor, type Visitor } from '../store/visitor.ts'
import { type Binding, bindVisitor } from '../store/visitor-binding.ts'
import { presentConversation } from '../store/visitor-messages.ts'
import { visitorSession, visitorSessionBody, visitorSettings } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { HttpError } from './http-error.ts'
import { placesOf, type Visited, visitedOf } from './visitor-door.ts'
import { vouchForSignedIn } from './visitor-email.ts'
import type { VisitorDeps } from './widget.ts'

export function registerVisitorSession(app: Api, deps: VisitorDeps): void {
  app.get('/', { schema: { response: { 200: visitorSettings } } }, async (request, reply) => {
    const { open, door } = visitedOf(request)
    const { text, attachments } = open.adapter.capabilities(open.settings)
    reply.header('cache-control', 'public, max-age=60')
    const limits = { text: text.max, fileBytes: attachments.maxBytes, files: attachments.maxPerMessage }
    const email = (await letterWay(deps, open.inboxId)) !== null
    return { ...door.publicSettings(), email, limits }
  })

  app.post(
    '/session',
    { schema: { body: visitorSessionBody, response: { 200: visitorSession } } },
    async (request, reply) => {
      const visited = visitedOf(request)
      deps.limit('session', { inboxId: visited.open.inboxId, ip: request.ip })
      const { visitorToken, identity: signed } = request.body
      // Before anything is written: who cannot prove who they are gets no session at all.
      const identity = signed === undefined ? null : await checkedIdentity(visited, signed)
      const { visitor, token } = await arrive(deps, visited, visitorToken, identity)
      await vouchForSignedIn(deps, visited, visitor)
      const places = await placesOf(deps, visited, visitor)
      const conversation = await presentConversation(
        deps.db.pool,
        places.map((place) => place.threadId),
      )
      reply.header('cache-control', 'no-store')
      return {
        visitorToken: token,
        ...(conversation && {
          conversation: { number: conversation.number, lastMessageAt: conversation.lastActivityAt.toISOString() },
        }),
      }
    },
  )
}

async function checkedIdentity({ door }: Visited, signed: string): Promise<VisitorIdentity> {
  try {
    return await door.verifyIdentity(signed)
  } catch (error) {
    if (error instanceof ChannelError) throw new HttpError(401, 'badIdentity', error.message)
    throw error
  }
}

/** The visitor of the token, a new one where there is none, signed in where the website says so. */
async function arrive(
  deps: VisitorDeps,
  visited: Visited,
  token: string | undefined,
  identity: VisitorIdentity | null,
): Promise<{ visitor: Visitor; token: string }> {
  const { inboxId } = visited.open
  const found = token ? await findVisitor(deps.db.pool, inboxId, token) : null
  // Another person at the same browser: nothing of the one before may be shown.
  const same = found && (!identity || !found.identity || found.identity.sub === identity.sub)
  const now = same ? { visitor: found, token: token ?? '' } : await createVisitor(deps.db.pool, inboxId)
  if (same) await touchVisitor(deps.db.pool, found.id)
  if (!identity) return now
  const binding = bindingOf(deps, visited, now.visitor.id, identity)
  if (!now.visitor.identity) await bindVisitor(deps.db, binding)
  await setVisitorIdentity(deps.db.pool, now.visitor.id, identity, binding.person.sender.key)
  return { token: now.token, visitor: { ...now.visitor, identity } }
}

function bindingOf(deps: VisitorDeps, { open, door }: Visited, id: string, identity: VisitorIdentity): Binding {
  const seenAs = (visitor: VisitorRef) => {
    const { sender, thread } = door.message({ visitor, clientId: '', text: '', attachments: [], at: deps.clock() })
    return { sender, thread }
  }
  return {
    inboxId: open.inboxId,
    channel: open.adapter.id,
    anonymous: seenAs({ id }),
    person: seenAs({ id, identity }),
  }
}
