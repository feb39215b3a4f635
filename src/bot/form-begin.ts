import type { Capabilities } from '../channel/capabilities.ts'
import type { ReplyContext } from '../delivery/reply-input.ts'
import { type FormAnswers, nextField, type TopicForm } from '../domain/form.ts'
import { mayAskAfter, type Question, questionFor } from '../domain/form-reading.ts'
import { formWords } from '../domain/form-words.ts'
import type { HandedOver } from '../store/bot-case.ts'
import type { Queryable } from '../store/database.ts'
import { formOfTopic } from '../store/form.ts'
import { answersTo, beginAsking, topicToAsk } from '../store/form-asking.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import { replyWay } from '../store/reply.ts'

/** Silent for so long, a customer is asked nothing any more. ms. */
export const patienceMs = 30 * 60_000

export interface Begun extends Question {
  /** In the transaction that says it. */
  begin(tx: Queryable): Promise<boolean>
}

interface LeftToPeople extends Pick<HandedOver, 'conversationId' | 'inboxId' | 'reason'> {
  readonly messageId: string
  readonly language: string
}

/**
 * What is asked with the word that people have the case now: they have it since the commit before. null: there is nothing to ask,
 * or this is no place or moment to ask it.
 */
export async function firstQuestion(ctx: ReplyContext, left: LeftToPeople): Promise<Begun | null> {
  const { db, clock } = ctx
  if (!mayAskAfter(left.reason)) return null
  const topicId = await topicToAsk(db.pool, left.conversationId)
  const form = topicId === null ? null : await formOfTopic(db.pool, topicId)
  if (!form?.shown) return null
  const can = await capabilitiesThere(ctx, left.conversationId, left.messageId)
  if (!can || can.onlyAsked) return null
  const answers = await answersTo(db.pool, left.conversationId, form.topicId)
  const asked = await shownOrAsked(db.pool, { form, answers, language: left.language, shown: can.forms === true })
  if (!asked) return null
  const { field, ...question } = asked
  return {
    ...question,
    begin: (tx) =>
      beginAsking(tx, {
        topicId: form.topicId,
        state: can.forms ? 'offered' : 'asking',
        byCustomer: false,
        language: left.language,
        field,
        problem: null,
        said: true,
        askedBy: left.messageId,
        deadline: new Date(clock().getTime() + patienceMs),
      }).then(() => true),
  }
}

interface Wish {
  readonly form: TopicForm
  readonly answers: FormAnswers
  readonly language: string
  /** Whole, on a page of ours. */
  readonly shown: boolean
}

async function shownOrAsked(
  q: Queryable,
  { form, answers, language, shown }: Wish,
): Promise<(Question & { field: string }) | null> {
  const field = nextField(form, answers)
  if (!field) return null
  const words = formWords(language)
  if (shown) return { field: field.key, text: words.offered }
  const { defaultLocale } = await readHelpSettings(q)
  const { text, choices } = questionFor(field, language, defaultLocale)
  return { field: field.key, text: `${words.begin}\n\n${text}`, ...(choices && { choices }) }
}

/** null: nobody can be reached there. */
export async function capabilitiesThere(
  { db, connections }: ReplyContext,
  conversationId: string,
  messageId: string,
): Promise<Capabilities | null> {
  const way = await replyWay(db.pool, conversationId, messageId)
  if (way?.audience !== 'private') return null
  const { adapter, settings } = await connections.describe(way.inboxId)
  const { key, kind, audience, place } = way
  return adapter.capabilities(settings, { key, kind, audience, place })
}
