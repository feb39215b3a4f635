import { h } from './dom.ts'
import type { FormWords } from './form-words.ts'
import type { FormField } from './types.ts'

export interface FieldView {
  readonly field: FormField
  readonly element: HTMLElement
  /** Nothing while it is not asked. */
  value(): string
  /** Shown and answered, or not asked; what is wrong stands beside it. */
  check(): boolean
  ask(asked: boolean): void
  say(problem: string): void
  focus(): void
}

/** One question with its hint, and with what is wrong about the answer. */
export function createFieldView(field: FormField, words: FormWords, changed: () => void): FieldView {
  const id = `form-${field.key}`
  const hint = h('p', { class: 'hint', id: `${id}-hint` }, field.hint)
  const problem = h('p', { class: 'wrong', id: `${id}-wrong`, role: 'alert', hidden: true })
  const input = inputFor(field, words)
  input.id = id
  input.setAttribute('aria-describedby', `${field.hint ? `${id}-hint ` : ''}${id}-wrong`)
  if (field.required) input.setAttribute('aria-required', 'true')
  const label = h('label', { for: id }, field.label, !field.required && h('span', {}, ` (${words.optional})`))
  const element = h('div', { class: 'field' }, label, field.hint && hint, input, problem)
  let asked = true

  function say(text: string): void {
    problem.textContent = text
    problem.hidden = text === ''
    input.setAttribute('aria-invalid', String(text !== ''))
  }
  input.addEventListener('input', () => {
    say('')
    changed()
  })

  return {
    field,
    element,
    say,
    value: () => (asked ? input.value.trim() : ''),
    check() {
      const text = input.value.trim()
      if (!asked) return true
      const missing = field.required && text === ''
      const odd = field.kind === 'number' && text !== '' && !/^[+-]?[\d.,'’\s]*\d[\d.,'’\s]*$/.test(text)
      say(missing ? words.required : odd ? words.number : '')
      return !missing && !odd
    },
    ask(now) {
      asked = now
      element.hidden = !now
    },
    focus: () => input.focus(),
  }
}

function inputFor({ kind, max, options = [] }: FormField, words: FormWords) {
  if (kind === 'choice') {
    return h(
      'select',
      {},
      h('option', { value: '' }, words.choose),
      ...options.map(({ value, label }) => h('option', { value }, label)),
    )
  }
  const maxlength = String(max)
  if (kind === 'text') return h('textarea', { rows: '2', maxlength })
  const plain = { type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', maxlength }
  return h('input', { ...plain, ...(kind === 'number' && { inputmode: 'decimal' }) })
}
