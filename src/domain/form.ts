import { isAmount } from './form-amount.ts'
import { addressOf, type FormFormat, transactionIdOf } from './form-format.ts'
import { isSecret } from './form-secret.ts'

/** By locale ('en', 'zh-TW'). */
export type Labels = Readonly<Record<string, string>>

export const fieldKinds = ['text', 'choice', 'number', 'transactionId', 'address'] as const
export type FieldKind = (typeof fieldKinds)[number]

export interface FieldOption {
  readonly value: string
  readonly labels: Labels
  /** 1 low to 4 urgent: what somebody who chose this needs at least. */
  readonly priority?: number | undefined
}

export interface FormField {
  /** kebab-case, unique in its form. */
  readonly key: string
  readonly kind: FieldKind
  readonly labels: Labels
  readonly hint?: Labels | undefined
  readonly required: boolean
  /** Asked only where that field, which stands before this one, was answered with one of these. */
  readonly when?: { readonly field: string; readonly is: readonly string[] } | undefined
  /** Of a choice. */
  readonly options?: readonly FieldOption[] | undefined
  /** Of a transaction id or an address; absent: whatever looks like one. */
  readonly format?: FormFormat | undefined
}

/** What is asked of somebody who writes about a topic. */
export interface TopicForm {
  readonly topicId: string
  /** The topic's own name, for agents. */
  readonly topic: string
  readonly shown: boolean
  readonly position: number
  /** What customers read; where there is none, the topic's own name. */
  readonly names: Labels
  readonly fields: readonly FormField[]
}

/** By key. An empty text: asked and passed over. */
export type FormAnswers = Readonly<Record<string, string>>

export const maxFields = 12
/** Characters. */
export const maxAnswer = { text: 1000, other: 200 } as const

export type AnswerProblem = 'required' | 'format' | 'choice' | 'number' | 'secret' | 'tooLong'
export type CheckedAnswer = { readonly value: string } | { readonly problem: AnswerProblem }

export function answerTo(answers: FormAnswers, key: string): string | undefined {
  return Object.hasOwn(answers, key) ? answers[key] : undefined
}

/** In their order. What hangs on a field that is not asked itself is not asked either. */
export function askedFields({ fields }: Pick<TopicForm, 'fields'>, answers: FormAnswers): FormField[] {
  const asked = new Set<string>()
  return fields.filter(({ key, when }) => {
    if (when && !(asked.has(when.field) && when.is.includes(answerTo(answers, when.field) ?? ''))) return false
    asked.add(key)
    return true
  })
}

/** The first that is asked and neither answered nor passed over; null: all is said. */
export function nextField(form: Pick<TopicForm, 'fields'>, answers: FormAnswers): FormField | null {
  return askedFields(form, answers).find(({ key }) => answerTo(answers, key) === undefined) ?? null
}

/** What may be kept of it: the option's value, the bare id, else the text as it was typed. */
export function checkAnswer(field: FormField, text: string): CheckedAnswer {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return field.required ? { problem: 'required' } : { value: '' }
  if (isSecret(typed)) return { problem: 'secret' }
  if ([...typed].length > (field.kind === 'text' ? maxAnswer.text : maxAnswer.other)) return { problem: 'tooLong' }
  return checkKind(field, typed)
}

function checkKind({ kind, options = [], format = 'any' }: FormField, typed: string): CheckedAnswer {
  switch (kind) {
    case 'text':
      return { value: typed }
    case 'choice':
      return orProblem(chosen(options, typed), 'choice')
    case 'number':
      return isAmount(typed) ? { value: typed } : { problem: 'number' }
    case 'transactionId':
      return orProblem(transactionIdOf(typed, format), 'format')
    case 'address':
      return orProblem(addressOf(typed, format), 'format')
  }
}

function orProblem(value: string | null, problem: AnswerProblem): CheckedAnswer {
  return value === null ? { problem } : { value }
}

/** By its value, by its label in any language, or by its place in the list as it was shown. */
function chosen(options: readonly FieldOption[], typed: string): string | null {
  const same = typed.toLowerCase()
  const named = options.find(
    ({ value, labels }) =>
      value.toLowerCase() === same ||
      Object.values(labels).some((label) => label.normalize('NFKC').trim().toLowerCase() === same),
  )
  if (named) return named.value
  const place = /^\d{1,2}$/.test(typed) ? Number(typed) : 0
  return options[place - 1]?.value ?? null
}

/** In this language, the same without its region, the fallback, else whatever there is; '': there is none. */
export function labelOf(labels: Labels, locale: string, fallback: string): string {
  const wanted = [locale, languageOf(locale), fallback, languageOf(fallback)]
  const found = wanted.find((one) => Object.hasOwn(labels, one) && labels[one] !== '')
  return (found === undefined ? Object.values(labels).find((label) => label !== '') : labels[found]) ?? ''
}

const languageOf = (locale: string) => locale.split('-')[0] ?? locale

/** What customers read of a field's answer: of a choice its option's label. */
export function spokenAnswer(field: FormField, value: string, locale: string, fallback: string): string {
  const option = field.options?.find((one) => one.value === value)
  return option ? labelOf(option.labels, locale, fallback) || value : value
}

/** The highest that an answered choice asks for; null: none says. */
export function priorityOf(form: Pick<TopicForm, 'fields'>, answers: FormAnswers): number | null {
  const asked = askedFields(form, answers).flatMap(({ key, options = [] }) =>
    options.flatMap(({ value, priority }) =>
      priority !== undefined && value === answerTo(answers, key) ? [priority] : [],
    ),
  )
  return asked.length > 0 ? Math.max(...asked) : null
}
