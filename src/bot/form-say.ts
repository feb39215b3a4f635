import { reply } from '../delivery/reply.ts'
import { KeptSilent, type ReplyInput, ReplyRejected } from '../delivery/reply-input.ts'
import { automaticWords } from '../domain/automatic-words.ts'
import { botWords, handOverWords } from '../domain/bot-words.ts'
import type { AnswerProblem, FormField } from '../domain/form.ts'
import { questionFor } from '../domain/form-reading.ts'
import { formWords } from '../domain/form-words.ts'
import { formOfTopic } from '../store/form.ts'
import { type AskingToSay, askingToSay } from '../store/form-saying.ts'
import { endAsking, noteSaid } from '../store/form-steps.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import type { BotContext } from './answer.ts'
import { capabilitiesThere } from './form-begin.ts'

type Context = Omit<BotContext, 'knowledge'>

/** The next question, or thanks. Said once, whoever says it: who was overtaken leaves it to the next look. */
export async function sayNext(ctx: Context, conversationId: string): Promise<void> {
  const asking = await askingToSay(ctx.db.pool, conversationId)
  if (!asking) return
  const can = await capabilitiesThere(ctx, conversationId, asking.askedBy)
  if (!can || can.onlyAsked) return endAsking(ctx.db.pool, conversationId, 'notHere')
  const form = await formOfTopic(ctx.db.pool, asking.topicId)
  const field = form?.fields.find(({ key }) => key === asking.field) ?? null
  const question = await wordsFor(ctx, asking, field)
  const state = field === null ? 'done' : 'asking'
  try {
    await reply(ctx, {
      ...spoken(asking, question.text),
      ...(question.choices && { choices: question.choices }),
      when: (tx) => noteSaid(tx, asking, state),
    })
    ctx.log.info(
      { event: 'form.asked', conversation: conversationId, inbox: asking.inboxId, state },
      'A form is asked.',
    )
  } catch (error) {
    await giveUp(ctx, conversationId, error)
  }
}

/** They want people, and have them: one sentence says so, and nothing more is asked. */
export async function saySorry(
  ctx: Context,
  {
    conversationId,
    messageId,
    reason,
  }: { readonly conversationId: string; readonly messageId: string; readonly reason: string },
): Promise<void> {
  const asking = await askingToSay(ctx.db.pool, conversationId, messageId)
  if (!asking) return
  try {
    await reply(ctx, spoken(asking, handOverWords(reason, asking.language)))
  } catch (error) {
    await giveUp(ctx, conversationId, error)
  }
}

async function wordsFor({ db }: Context, asking: AskingToSay, field: FormField | null) {
  const { language, problem, isFirstTurn, byCustomer } = asking
  const words = formWords(language)
  const intro = isFirstTurn && byCustomer ? botWords(language).iAmBot : null
  const privacy =
    asking.isFirstWord && asking.privacyUrl !== null ? `${automaticWords(language).privacy} ${asking.privacyUrl}` : null
  if (!field) return { text: [intro, words.done, privacy].filter((line) => line !== null).join('\n\n') }
  const { text, choices } = questionFor(field, language, (await readHelpSettings(db.pool)).defaultLocale)
  const first =
    problem === null ? (intro === null ? words.noted : words.begin) : words.problems[problem as AnswerProblem]
  return {
    text: [intro, first, text, privacy].filter((line) => line !== null).join('\n\n'),
    ...(choices && { choices }),
  }
}

function spoken({ conversationId, askedBy }: AskingToSay, text: string): ReplyInput {
  return {
    conversationId,
    author: { type: 'bot', priority: 'bot' },
    kind: 'reply',
    text,
    attachmentFileIds: [],
    clientId: `form-${askedBy}`,
    answers: { messageId: askedBy, kind: 'form' },
  }
}

async function giveUp({ db, log }: Context, conversation: string, error: unknown): Promise<void> {
  if (!(error instanceof KeptSilent) && !(error instanceof ReplyRejected)) throw error
  const why = error instanceof KeptSilent ? error.why : error.code
  // Somebody wrote meanwhile: it is looked at again.
  if (why === 'overtaken') return
  log.info({ event: 'form.silent', why, conversation }, 'Nothing more is asked.')
  await endAsking(db.pool, conversation, why)
}
