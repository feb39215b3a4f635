import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { ChannelError } from '../channel/errors.ts'
import { askAddress } from '../delivery/ask-address.ts'
import { type LetterWay, letterWay } from '../delivery/letter-way.ts'
import { continuationLanguage } from '../domain/continuation-words.ts'
import { adoptAddress } from '../store/adopt-address.ts'
import { ensureThread } from '../store/continuation.ts'
import type { Visitor } from '../store/visitor.ts'
import { countAsk, findVisitorAddress, type VisitorAddress } from '../store/visitor-address.ts'
import { type VisitorEmail, visitorEmail, visitorEmailBody } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { badField, HttpError, notFound } from './http-error.ts'
import { placesOf, type Visited, visitedOf, visitorOf } from './visitor-door.ts'
import type { VisitorDeps } from './widget.ts'

/** Letters with a link in a day: nobody may use us to fill a stranger's mailbox. */
const mostAsks = { visitor: 5, address: 3, inbox: 500 }

export function registerVisitorEmail(app: Api, deps: VisitorDeps): void {
  app.get('/email', { schema: { response: { 200: visitorEmail } } }, async (request, reply) => {
    const { visited, visitor } = await whoAsks(deps, request, 'look')
    reply.header('cache-control', 'no-store')
    return emailView(await addressOf(deps, visited, visitor))
  })
  app.put('/email', { schema: { body: visitorEmailBody, response: { 200: visitorEmail } } }, async (request, reply) => {
    const { visited, visitor } = await whoAsks(deps, request, 'email')
    const way = await letterWay(deps, visited.open.inboxId)
    if (!way) throw notFound('An answer by mail')
    const [place] = await placesOf(deps, visited, visitor)
    if (!place) throw new HttpError(409, 'writeFirst', 'Write a message first: the address is for the answer to it.')
    const { threadId } = place
    const address = request.body.email.toLowerCase()
    reply.header('cache-control', 'no-store')
    const known = await findVisitorAddress(deps.db.pool, threadId)
    if (known?.address === address) return emailView({ ...known, pending: null })
    const language = continuationLanguage(request.body.language, request.headers['accept-language'])
    if (vouched(visitor) === address) await vouch(deps, { way, threadId, address, visitor })
    else await ask(deps, { way, visited, visitor, threadId, address, language })
    return emailView(await findVisitorAddress(deps.db.pool, threadId))
  })
}

async function whoAsks(deps: VisitorDeps, request: FastifyRequest, action: 'look' | 'email') {
  const visited = visitedOf(request)
  const visitor = await visitorOf(deps, request)
  deps.limit(action, { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
  return { visited, visitor }
}

async function addressOf(deps: VisitorDeps, visited: Visited, visitor: Visitor): Promise<VisitorAddress | null> {
  const [place] = await placesOf(deps, visited, visitor)
  return place ? findVisitorAddress(deps.db.pool, place.threadId) : null
}

function emailView(known: VisitorAddress | null): VisitorEmail {
  const confirmed = known?.address ?? undefined
  if (!known?.pending) return confirmed === undefined ? { state: 'none' } : { state: 'confirmed', address: confirmed }
  const state = known.pendingState === 'failed' ? 'refused' : 'pending'
  return { state, address: known.pending, ...(confirmed !== undefined && { confirmed }) }
}

interface Question {
  readonly way: LetterWay
  readonly visited: Visited
  readonly visitor: Visitor
  readonly threadId: string
  readonly address: string
  readonly language: string
}

async function ask(deps: VisitorDeps, { way, visited, visitor, ...question }: Question): Promise<void> {
  const { pool } = deps.db
  // In this order: who may ask no more does not use up what others may.
  const within =
    (await countAsk(pool, `visitor ${visitor.id}`, mostAsks.visitor)) &&
    (await countAsk(pool, `address ${mailboxKey(question.address)}`, mostAsks.address)) &&
    (await countAsk(pool, `inbox ${visited.open.inboxId}`, mostAsks.inbox))
  if (!within) {
    throw new HttpError(429, 'rateLimited', 'Too many confirmation mails today. Try again tomorrow.', {
      retryAfter: 86_400,
    })
  }
  const linkOf = (token: string) => `${deps.publicUrl}/widget/confirm/${token}`
  try {
    const asked = await askAddress(deps, { way, ...question, linkOf })
    if (!asked) throw new HttpError(409, 'writeFirst', 'Write a message first: the address is for the answer to it.')
  } catch (error) {
    if (error instanceof ChannelError) throw badField('email', 'is not an address that mail can be sent to')
    throw error
  }
}

/** "a.b+news@x.example" and "ab@x.example" may well be one mailbox. Hashed: what is counted need not be known. */
export function mailboxKey(address: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '')
  return createHash('sha256')
    .update(`${local}${address.slice(at)}`)
    .digest('hex')
}

function vouched({ identity }: Visitor): string | null {
  return identity?.email?.toLowerCase() ?? null
}

interface Vouching {
  readonly way: LetterWay
  readonly threadId: string
  readonly address: string
  readonly visitor: Visitor
}

async function vouch(deps: VisitorDeps, { way, threadId, address, visitor }: Vouching): Promise<void> {
  const letterThreadId = await ensureThread(deps.db.pool, way.inboxId, way.thread(threadId, address))
  const name = visitor.identity?.name ?? ''
  await adoptAddress(deps.db, {
    threadId,
    letterThreadId,
    address,
    channel: way.mail.adapter.id,
    person: way.addressee({ name, address }),
    verifiedBy: 'signedWebsite',
    tokenHash: null,
  })
}

/** The website says who signed in and where they are reached: that needs no link. An address they chose themselves stays. */
export async function vouchForSignedIn(deps: VisitorDeps, visited: Visited, visitor: Visitor): Promise<void> {
  const address = vouched(visitor)
  if (address === null || !visited.open.adapter.continues?.(visited.open.settings)) return
  const [place] = await placesOf(deps, visited, visitor)
  const known = place && (await findVisitorAddress(deps.db.pool, place.threadId))
  if (!place || known?.address === address || known?.verifiedBy === 'code') return
  const way = await letterWay(deps, visited.open.inboxId)
  if (way) await vouch(deps, { way, threadId: place.threadId, address, visitor })
}
