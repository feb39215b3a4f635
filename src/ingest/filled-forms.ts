import type { FilledForm } from '../channel/contract.ts'
import { automaticLanguage } from '../domain/automatic-words.ts'
import { answerTo, nextField } from '../domain/form.ts'
import { takeAnswers } from '../domain/form-taken.ts'
import { keepFromBot } from '../store/automation.ts'
import type { Queryable } from '../store/database.ts'
import { formOfTopic } from '../store/form.ts'
import { answersTo, beginAsking } from '../store/form-asking.ts'
import { endAsking } from '../store/form-steps.ts'
import type { Plan, Said } from './fold.ts'
import { keepForm } from './keep-form.ts'

/** A form that somebody sent with their message. */
export interface Filled {
  readonly form: FilledForm
  readonly messageId: string
  readonly conversationId: string
  readonly isPrivate: boolean
}

/** ms. What is still to be asked is asked that long. */
const patienceMs = 30 * 60_000

export function noteForm(plan: Plan, { event, thread }: Said, messageId: string, conversationId: string): void {
  if (!event.form) return
  plan.forms.push({ form: event.form, messageId, conversationId, isPrivate: thread.audience === 'private' })
}

/**
 * In the transaction of the message itself. Whoever fills in a form wants people: the bot leaves the case to them, and only asks on
 * where not all of it could be shown.
 */
export async function writeForms(tx: Queryable, filled: readonly Filled[], now: Date): Promise<void> {
  for (const one of filled) {
    await keepFromBot(tx, [one.conversationId])
    await keepForm(tx, one)
    if (one.form.partial && one.isPrivate) await askRest(tx, one, now)
    else await endAsking(tx, one.conversationId, 'filledIn')
  }
}

async function askRest(tx: Queryable, { form: filled, conversationId, messageId }: Filled, now: Date): Promise<void> {
  const form = await formOfTopic(tx, filled.topicId)
  const next = form && nextField(form, await answersTo(tx, conversationId, form.topicId))
  if (!form || !next) return
  const given = answerTo(filled.answers, next.key) ?? ''
  await beginAsking(tx, {
    topicId: form.topicId,
    state: 'asking',
    byCustomer: true,
    language: automaticLanguage(filled.language ?? null),
    field: next.key,
    problem: given === '' ? null : (takeAnswers(form, filled.answers).problems[next.key] ?? null),
    said: false,
    askedBy: messageId,
    deadline: new Date(now.getTime() + patienceMs),
  })
}
