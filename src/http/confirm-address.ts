import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type LetterWay, letterWay } from '../delivery/letter-way.ts'
import { continuationLanguage, continuationWords } from '../domain/continuation-words.ts'
import { adoptAddress } from '../store/adopt-address.ts'
import { ensureThread } from '../store/continuation.ts'
import { hashSecret } from '../store/secret.ts'
import { findPendingAddress, type PendingAddress } from '../store/visitor-address.ts'
import { type ConfirmPage, confirmPage, confirmPolicy } from './confirm-page.ts'
import type { VisitorDeps } from './widget.ts'

/** The page behind the link in the mail. Looking at it confirms nothing: mail servers open links by themselves. */
export function registerConfirmAddress(app: FastifyInstance, deps: VisitorDeps): void {
  app.register((scope, _options, done) => {
    // A form without fields; whatever else somebody sends is not read.
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1_024 },
      (_request, _body, taken) => taken(null, {}),
    )
    scope.get('/widget/confirm/:token', { schema: { hide: true } }, async (request, reply) => {
      const asked = await askedBy(deps, request)
      return asked ? answer(reply, questionOf(asked)) : answer(reply.code(410), invalid(request))
    })
    scope.post('/widget/confirm/:token', { schema: { hide: true } }, async (request, reply) => {
      const asked = await askedBy(deps, request)
      const confirmed = asked !== null && (await confirm(deps, asked))
      return confirmed ? answer(reply, thanks(asked)) : answer(reply.code(410), invalid(request))
    })
    done()
  })
}

interface Asked extends PendingAddress {
  readonly way: LetterWay
  readonly tokenHash: Buffer
}

async function askedBy(deps: VisitorDeps, request: FastifyRequest): Promise<Asked | null> {
  deps.limit('confirm', { inboxId: '', ip: request.ip })
  const { token } = request.params as { token: string }
  if (token.length > 100) return null
  const tokenHash = hashSecret(token)
  const pending = await findPendingAddress(deps.db.pool, tokenHash)
  const way = pending && (await letterWay(deps, pending.inboxId))
  return pending && way ? { ...pending, way, tokenHash } : null
}

async function confirm(deps: VisitorDeps, { way, threadId, address, tokenHash }: Asked): Promise<boolean> {
  const letterThreadId = await ensureThread(deps.db.pool, way.inboxId, way.thread(threadId, address))
  return adoptAddress(deps.db, {
    threadId,
    letterThreadId,
    address,
    channel: way.mail.adapter.id,
    person: way.addressee({ name: '', address }),
    verifiedBy: 'code',
    tokenHash,
  })
}

function questionOf({ way, address, language }: Asked): ConfirmPage {
  const spoken = continuationLanguage(language)
  const words = continuationWords(spoken)
  return {
    language: spoken,
    title: words.pageTitle,
    lines: [words.pageAsks(way.title || words.nameless, address), words.pageMeans],
    quiet: words.ignore,
    button: words.button,
  }
}

function thanks({ language }: Asked): ConfirmPage {
  const spoken = continuationLanguage(language)
  const words = continuationWords(spoken)
  return { language: spoken, title: words.done, lines: [words.doneMeans] }
}

function invalid(request: FastifyRequest): ConfirmPage {
  const spoken = continuationLanguage(request.headers['accept-language'])
  const words = continuationWords(spoken)
  return { language: spoken, title: words.invalid, lines: [words.invalidMeans] }
}

function answer(reply: FastifyReply, page: ConfirmPage) {
  return reply
    .headers({
      'content-security-policy': confirmPolicy,
      'cache-control': 'no-store',
      // The address of this page is the permission.
      'referrer-policy': 'no-referrer',
    })
    .type('text/html; charset=utf-8')
    .send(confirmPage(page))
}
