import { type FormField, labelOf, type TopicForm } from '../domain/form.ts'
import type { AnswerRow } from '../store/form.ts'

interface Answered {
  readonly form: Pick<TopicForm, 'fields'>
  readonly field: FormField
  readonly value: string
  readonly language: string
}

export function answerRow({ form, field, value, language }: Answered): AnswerRow {
  const { key, kind, labels } = field
  return { key, kind, value, label: labelOf(labels, language, 'en') || key, position: form.fields.indexOf(field) }
}
