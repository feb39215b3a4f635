import {
  type AnswerProblem,
  answerTo,
  askedFields,
  checkAnswer,
  type FieldKind,
  type FormAnswers,
  labelOf,
  type TopicForm,
} from './form.ts'

export interface TakenAnswers {
  /** Of what is asked and was said, what may be kept. */
  readonly answers: FormAnswers
  /** By key; a field that was not answered and must be is 'required'. */
  readonly problems: Readonly<Record<string, AnswerProblem>>
}

/** What of this may be kept. Answers to what is not asked are left out: a hidden field is no way in. */
export function takeAnswers(form: Pick<TopicForm, 'fields'>, typed: FormAnswers): TakenAnswers {
  const answers: Record<string, string> = {}
  const problems: Record<string, AnswerProblem> = {}
  for (const field of form.fields) {
    // Fields hang on those before them, which are settled by now.
    if (!askedFields(form, answers).includes(field)) continue
    const checked = checkAnswer(field, answerTo(typed, field.key) ?? '')
    if ('problem' in checked) problems[field.key] = checked.problem
    else if (checked.value !== '') answers[field.key] = checked.value
  }
  return { answers, problems }
}

export interface AnswerRow {
  readonly key: string
  /** In the customer's language. */
  readonly label: string
  readonly kind: FieldKind
  /** As `checkAnswer` gave it. */
  readonly value: string
  /** Its field's place in the form. */
  readonly position: number
}

/** As they are kept. */
export function answerRows(
  form: Pick<TopicForm, 'fields'>,
  answers: FormAnswers,
  { locale, fallback }: { readonly locale: string; readonly fallback: string },
): AnswerRow[] {
  return form.fields.flatMap(({ key, kind, labels }, position) => {
    const value = answerTo(answers, key)
    return value === undefined ? [] : [{ key, label: labelOf(labels, locale, fallback), kind, value, position }]
  })
}
