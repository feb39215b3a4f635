import type { Logger } from 'pino'
import { commandList } from '../channel/command-words.ts'
import { reply } from '../delivery/reply.ts'
import { KeptSilent, type ReplyInput, ReplyRejected } from '../delivery/reply-input.ts'
import { type Asked, erasureChoices } from '../domain/asked.ts'
import type { AutomaticKind } from '../domain/automatic.ts'
import { type AutomaticWords, automaticLanguage, automaticWords } from '../domain/automatic-words.ts'
import { statusLanguage } from '../domain/status-words.ts'
import { bare, stopLanguage } from '../domain/stop-words.ts'
import { type AskedMessage, askedMessage, openCases } from '../store/automation.ts'
import type { Standing } from '../store/case-standing.ts'
import type { Queryable } from '../store/database.ts'
import { chosenBy, noteErasureWish } from '../store/erasure-wish.ts'
import { caseLines } from './case-lines.ts'
import { type StandingContext, standingAfter } from './standing.ts'

export interface AnswerContext extends StandingContext {
  readonly log: Logger
}

interface Answer extends Pick<ReplyInput, 'text' | 'choices'> {
  readonly kind: AutomaticKind
  /** Says where they stand, too. */
  readonly standing?: Standing
}

/** What a customer asked of the program is done and answered; done twice it is the same. */
export async function answerAsked(ctx: AnswerContext, wish: { messageId: string; asked: Asked }): Promise<void> {
  const message = await askedMessage(ctx.db.pool, wish.messageId)
  if (!message) return
  const answer = await answerTo(ctx, message, wish.asked)
  if (!answer) return
  try {
    await say(ctx, message, answer)
  } catch (error) {
    const { inboxId, threadId, conversationId } = message
    const at = { inbox: inboxId, thread: threadId, conversation: conversationId, message: message.id }
    if (error instanceof KeptSilent) ctx.log.info({ event: 'automatic.silent', why: error.why, ...at }, 'Not answered.')
    // Joined to another one this very moment: the next try finds it there.
    else if (!(error instanceof ReplyRejected) || error.code === 'merged' || error.code === 'unknownConversation')
      throw error
    else ctx.log.warn({ event: 'automatic.refused', why: error.code, ...at }, 'An automatic answer cannot be sent.')
  }
}

async function say(
  ctx: AnswerContext,
  message: AskedMessage,
  { kind, text, choices, standing }: Answer,
): Promise<void> {
  const { privacyUrl, isFirst, audience } = message
  const words = wordsFor(message)
  // The first automatic message to somebody says what becomes of their data.
  const names = isFirst && audience === 'private' && privacyUrl !== null && kind !== 'privacy'
  const privacy = names ? [`${words.privacy} ${privacyUrl}`] : []
  const { messageId } = await reply(ctx, {
    conversationId: message.conversationId,
    author: { type: 'system', priority: 'notice' },
    kind: 'reply',
    text: [text, ...privacy, ...(standing?.lines ?? [])].join('\n\n'),
    attachmentFileIds: [],
    clientId: `answer-${message.id}`,
    answers: { messageId: message.id, kind },
    ...(choices && { choices }),
    ...(standing && { when: (tx: Queryable) => standing.before(tx).then(() => true) }),
    // Among others it must be seen whom it answers.
    ...(audience !== 'private' && { replyTo: message.id }),
  })
  await standing?.after(messageId)
}

const languageOf = ({ language, text }: AskedMessage) =>
  automaticLanguage(language, stopLanguage(text), statusLanguage(bare(text)))
const wordsFor = (message: AskedMessage): AutomaticWords => automaticWords(languageOf(message))

async function answerTo(ctx: AnswerContext, message: AskedMessage, asked: Asked): Promise<Answer | null> {
  const words = wordsFor(message)
  switch (asked) {
    case 'start':
      return { kind: 'start', text: words.start }
    case 'help':
      return { kind: 'help', text: `${words.help}\n\n${commandList(languageOf(message))}` }
    case 'status':
      return { kind: 'status', text: await casesOf(ctx, message, words) }
    case 'human':
      return { kind: 'human', text: words.human, standing: await standingAfter(ctx, message.id) }
    case 'privacy':
      return { kind: 'privacy', text: privacyOf(message, words) }
    case 'delete':
      return { kind: 'delete', text: words.delete, choices: erasureQuestion(words) }
    case 'stop':
      return { kind: 'stop', text: words.stopped }
    case 'resume':
      return null
    case 'eraseYes':
    case 'eraseNo':
    case 'number':
      return answerToChoice(ctx, message, asked)
    default:
      return asked satisfies never
  }
}

function erasureQuestion(words: AutomaticWords) {
  return [
    { id: erasureChoices.eraseYes, label: words.deleteYes },
    { id: erasureChoices.eraseNo, label: words.deleteNo },
  ]
}

function privacyOf({ privacyUrl }: AskedMessage, words: AutomaticWords): string {
  return privacyUrl === null ? words.noPrivacyPage : `${words.privacy} ${privacyUrl}`
}

async function casesOf(ctx: AnswerContext, message: AskedMessage, words: AutomaticWords): Promise<string> {
  // Nothing of a person's cases is even read for a place where others listen.
  if (message.audience !== 'private') return words.noCase
  const cases = await openCases(ctx.db.pool, message.identityId, message.inboxId)
  if (cases.length === 0) return words.noCase
  const lines = await caseLines(ctx, cases, { language: languageOf(message), words })
  return [words.cases, '', ...lines].join('\n')
}

async function answerToChoice(ctx: AnswerContext, message: AskedMessage, asked: Asked): Promise<Answer | null> {
  const { db, clock, log } = ctx
  const chosen = await chosenBy(db.pool, message, { asked, now: clock() })
  const words = wordsFor(message)
  if (chosen === null) return null
  if (chosen.choiceId !== erasureChoices.eraseYes) return { kind: 'erasure', text: words.kept }
  const conversationId = await noteErasureWish(db, { message, questionId: chosen.questionId })
  if (conversationId !== null) {
    log.warn(
      { event: 'erasure.asked', inbox: message.inboxId, conversation: conversationId },
      'Somebody asks to be erased.',
    )
  }
  return { kind: 'erasure', text: words.erasureNoted }
}
