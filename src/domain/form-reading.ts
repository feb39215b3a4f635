import {
  type AnswerProblem,
  answerTo,
  type CheckedAnswer,
  checkAnswer,
  type FormAnswers,
  type FormField,
  labelOf,
  maxAnswer,
} from './form.ts'
import { formWords, isSkip } from './form-words.ts'
import type { HandOverReason } from './hand-over-words.ts'

export type Read =
  | { readonly kind: 'answer'; readonly value: string }
  | { readonly kind: 'skip' }
  | { readonly kind: 'problem'; readonly problem: AnswerProblem }

/** What somebody said to one question, in one message or several. `tries`: how often this question was answered in vain. */
export function readAnswer(field: FormField, texts: readonly string[], tries: number): Read {
  const said = texts.map((text) => text.trim()).filter((text) => text !== '')
  if (said.length === 0 || said.some((text) => isSkip(text) || isLastChoice(field, text)))
    return passedOver(field, tries)
  const read = said.map((text) => checkFirst(field, text))
  const secret = read.find((one) => 'problem' in one && one.problem === 'secret')
  if (secret) return tries === 0 ? { kind: 'problem', problem: 'secret' } : { kind: 'skip' }
  if (field.kind === 'text') return taken(field, said.join('\n'), tries)
  const good = read.find((one) => 'value' in one && one.value !== '')
  if (good && 'value' in good) return { kind: 'answer', value: good.value }
  return taken(field, said.at(-1) ?? '', tries)
}

/** Behind the options stands a button to pass the question over; where there are no buttons it has a number. */
function isLastChoice({ kind, required, options = [] }: FormField, text: string): boolean {
  return kind === 'choice' && !required && text.normalize('NFKC') === String(options.length + 1)
}

function passedOver({ required }: FormField, tries: number): Read {
  return required && tries === 0 ? { kind: 'problem', problem: 'required' } : { kind: 'skip' }
}

/** Said once why not, then taken as it was said: nobody is asked three times. */
function taken(field: FormField, text: string, tries: number): Read {
  const checked = checkAnswer(field, text)
  if ('value' in checked) return { kind: 'answer', value: checked.value }
  if (tries === 0) return { kind: 'problem', problem: checked.problem }
  const most = field.kind === 'text' ? maxAnswer.text : maxAnswer.other
  return { kind: 'answer', value: [...text.normalize('NFKC')].slice(0, most).join('') }
}

/** Letters begin and end with politeness: the line, or the word, that is an answer. */
function checkFirst(field: FormField, text: string): CheckedAnswer {
  const pressed = field.options?.find(({ labels }) => Object.values(labels).some((one) => label(one) === text))
  if (pressed) return { value: pressed.value }
  const whole = checkAnswer(field, text)
  if ('value' in whole || whole.problem === 'secret' || field.kind === 'text') return whole
  const lines = text.split('\n')
  const wholeWords = field.kind === 'transactionId' || field.kind === 'address'
  const pieces = wholeWords ? [...lines, ...text.split(/\s+/)] : lines
  for (const piece of pieces.slice(0, 200)) {
    const bare = piece.trim().replace(/^["'<(]+|["'>),.;]+$/g, '')
    const checked = bare === '' ? whole : checkAnswer(field, bare)
    if ('value' in checked) return checked
  }
  return whole
}

const label = (text: string) => [...text.replace(/\s+/g, ' ').trim()].slice(0, 60).join('').trim()

export interface Question {
  /** CommonMark. */
  readonly text: string
  readonly choices?: readonly { readonly id: string; readonly label: string }[]
}

/** One question, with buttons where it is a choice. */
export function questionFor(field: FormField, language: string, fallback: string): Question {
  const { optional, skip } = formWords(language)
  const said = (labels: FormField['labels']) => escaped(labelOf(labels, language, fallback))
  const hint = field.hint && said(field.hint)
  const lines = [`**${said(field.labels)}**`, hint, field.required ? '' : optional]
  const text = lines.filter((line) => line).join('\n\n')
  if (field.kind !== 'choice') return { text }
  const options = (field.options ?? []).map(({ value, labels }, index) => {
    return { id: `form.${index + 1}`, label: label(labelOf(labels, language, fallback) || value) }
  })
  return { text, choices: field.required ? options : [...options, { id: 'form.skip', label: skip }] }
}

/** Somebody else's words are no markup of ours. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (sign) => `\\${sign}`)
}

/** Of a hand-over for one of these nothing is asked: they want people, or need them. */
const unasked: ReadonlySet<string> = new Set<HandOverReason | 'notHere'>([
  ...(['human', 'account', 'fraud', 'legal', 'anger', 'selfHarm', 'notHere'] as const),
])

export function mayAskAfter(reason: string): boolean {
  return !unasked.has(reason)
}

/** What is known already, together with what was passed over. */
export function withSkipped(answers: FormAnswers, skipped: readonly string[]): FormAnswers {
  const passed = skipped.filter((key) => answerTo(answers, key) === undefined)
  return { ...answers, ...Object.fromEntries(passed.map((key) => [key, ''])) }
}
