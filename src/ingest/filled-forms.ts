import type { FilledForm } from '../channel/form.ts'
import { automaticLanguage } from '../domain/automatic-words.ts'
import {
  answerTo,
  askedFields,
  checkAnswer,
  type FormAnswers,
  labelOf,
  nextField,
  priorityOf,
  type TopicForm,
} from '../domain/form.ts'
import { keepFromBot } from '../store/automation.ts'
import type { Queryable } from '../store/database.ts'
import { type AnswerRow, formOfTopic } from '../store/form.ts'
import { saveAnswers } from '../store/form-answer.ts'
import { answersTo, beginAsking } from '../store/form-asking.ts'
import type { Plan, Said } from './fold.ts'

/** A form that somebody sent with their message. */
export interface Filled {
  readonly form: FilledForm
  readonly messageId: string
  readonly conversationId: string
  readonly isPrivate: boolean
  /** Of whoever sent it. */
  readonly language: string | null
}

/** ms. What is still to be asked is asked that long. */
const patienceMs = 30 * 60_000

export function noteForm(plan: Plan, { event, thread }: Said, messageId: string, conversationId: string): void {
  if (!event.form) return
  const isPrivate = thread.audience === 'private'
  plan.forms.push({ form: event.form, messageId, conversationId, isPrivate, language: event.sender.language ?? null })
}

/**
 * In the transaction of the message itself, so that rules know the answers. Whoever fills in a form wants people: the bot leaves
 * the case to them, and only asks on for what is missing.
 */
export async function writeForms(tx: Queryable, filled: readonly Filled[], now: Date): Promise<void> {
  for (const one of filled) {
    await keepFromBot(tx, [one.conversationId])
    const form = await formOfTopic(tx, one.form.topicId)
    if (form) await writeForm(tx, { ...one, topic: form }, now)
  }
}

async function writeForm(
  tx: Queryable,
  { topic, form, conversationId, messageId, isPrivate, language }: Filled & { readonly topic: TopicForm },
  now: Date,
): Promise<void> {
  const spoken = automaticLanguage(language)
  const { kept, rows, problems } = checked(topic, form.answers, spoken)
  await saveAnswers(tx, conversationId, { topicId: topic.topicId, priority: priorityOf(topic, kept) }, rows)
  if (!isPrivate) return
  const known = { ...(await answersTo(tx, conversationId, topic.topicId)), ...kept }
  const next = nextField(topic, known)
  await beginAsking(tx, {
    topicId: topic.topicId,
    state: next ? 'asking' : 'done',
    byCustomer: true,
    language: spoken,
    field: next?.key ?? null,
    problem: (next && problems.get(next.key)) ?? null,
    said: !next,
    askedBy: messageId,
    deadline: new Date(now.getTime() + patienceMs),
  })
}

/** Field after field, as some are asked only after others. */
function checked(form: TopicForm, given: FormAnswers, language: string) {
  const kept: Record<string, string> = {}
  const problems = new Map<string, string>()
  for (const { key } of form.fields) {
    const field = askedFields(form, kept).find((one) => one.key === key)
    const text = answerTo(given, key)
    if (!field || text === undefined) continue
    const read = checkAnswer(field, text)
    if ('value' in read) kept[key] = read.value
    else if (text.trim() !== '') problems.set(key, read.problem)
  }
  const rows = form.fields.flatMap(({ key, kind, labels }, position): AnswerRow[] => {
    const value = kept[key]
    return value ? [{ key, kind, value, position, label: labelOf(labels, language, 'en') || key }] : []
  })
  return { kept, rows, problems }
}
