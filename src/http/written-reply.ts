import { randomUUID } from 'node:crypto'
import { reply as writeReply } from '../delivery/reply.ts'
import {
  type Author,
  ReplyConflict,
  type ReplyInput,
  ReplyRejected,
  type ReplyResult,
} from '../delivery/reply-input.ts'
import { type FirstLetter, writeFirst } from '../delivery/write-first.ts'
import { actorOf, type Principal } from '../domain/principal.ts'
import { seesConversation } from '../store/conversation-find.ts'
import type { Recipient } from '../wire/letter.ts'
import type { FirstMessage, NewMessage } from '../wire/message.ts'
import type { HttpDeps } from './deps.ts'
import { conflict, HttpError, notFound } from './http-error.ts'

/** Refusals become answers for the writer. */
export async function answerConversation(deps: HttpDeps, who: Principal, id: string, body: NewMessage) {
  if (!(await seesConversation(deps.db.pool, id, who))) throw notFound('This conversation')
  return mapRefusals(() => writeReply(deps, replyInput(who, id, body)))
}

export function beginConversation(deps: HttpDeps, who: Principal, body: FirstMessage): Promise<ReplyResult> {
  return mapRefusals(() => writeFirst(deps, firstLetter(who, body)))
}

async function mapRefusals(work: () => Promise<ReplyResult>): Promise<ReplyResult> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ReplyConflict) throw conflict(error.causes, error.version)
    if (error instanceof ReplyRejected) throw rejected(error)
    throw error
  }
}

function replyInput(who: Principal, conversationId: string, body: NewMessage): ReplyInput {
  const { kind, text, clientId, attachments, replyTo, basedOn, force, subject } = body
  const recipients = recipientsOf(body)
  return {
    conversationId,
    kind,
    text,
    clientId,
    author: authorOf(who),
    attachmentFileIds: attachments ?? [],
    ...(replyTo && { replyTo }),
    ...(basedOn !== undefined && { basedOn }),
    ...(force !== undefined && { force }),
    ...(subject !== undefined && { subject }),
    ...(recipients && { recipients }),
  }
}

function firstLetter(who: Principal, body: FirstMessage): FirstLetter {
  const { inboxId, text, subject, attachments = [], clientId = randomUUID() } = body
  const to = typeof body.to === 'string' ? [{ address: body.to }] : body.to
  const recipients = { to: named(to), cc: named(body.cc ?? []), bcc: named(body.bcc ?? []) }
  return {
    inboxId,
    text,
    clientId,
    recipients,
    author: authorOf(who),
    attachmentFileIds: attachments,
    ...(subject !== undefined && { subject }),
  }
}

function authorOf(who: Principal): Author {
  return { type: 'agent', key: actorOf(who), priority: 'person', ...(who.agentId !== null && { id: who.agentId }) }
}

function named(list: readonly Recipient[]) {
  return list.map(({ name = '', address }) => ({ name, address }))
}

function recipientsOf({ to, cc, bcc }: NewMessage): ReplyInput['recipients'] {
  return { ...(to && { to: named(to) }), ...(cc && { cc: named(cc) }), ...(bcc && { bcc: named(bcc) }) }
}

function rejected(error: ReplyRejected): HttpError {
  if (error.code === 'unknownConversation') return notFound('This conversation')
  if (error.code === 'clientIdTaken' || error.code === 'merged') return new HttpError(409, error.code, error.message)
  if (error.code === 'tooLarge') return new HttpError(413, error.code, error.message)
  if (error.code === 'empty') return new HttpError(400, error.code, error.message)
  return new HttpError(422, error.code, error.message)
}
