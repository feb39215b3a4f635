import { ApiError } from './api.ts'
import { h } from './dom.ts'
import type { Engine } from './engine.ts'
import { createFieldView, type FieldView } from './form-field.ts'
import { createFilePicker } from './form-files.ts'
import type { FormWords } from './form-words.ts'
import { backIcon } from './panel-icons.ts'
import type { Form } from './types.ts'

export interface FormView {
  /** Over the whole panel, while it is filled in. */
  readonly element: HTMLElement
  open(topicId: string): void
}

/** One form at a time; what was typed stays until it is sent. */
export function createFormView(engine: Engine, words: FormWords, toChat: () => void): FormView {
  const made = new Map<string, HTMLFormElement>()
  const back = h(
    'button',
    { type: 'button', class: 'tool', 'aria-label': words.back, title: words.back, click: close },
    backIcon(),
  )
  const title = h('h2', { id: 'form-title' })
  const body = h('div', { class: 'form-body' })
  const element = h(
    'div',
    { class: 'article', role: 'group', 'aria-labelledby': 'form-title', hidden: true },
    h('div', { class: 'top' }, back, h('div', { class: 'heading-text' }, title)),
    body,
  )
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.stopPropagation()
    close()
  })

  function cover(on: boolean): void {
    element.hidden = !on
    for (const other of element.parentElement?.children ?? []) if (other !== element) other.toggleAttribute('inert', on)
  }
  function close(): void {
    cover(false)
    toChat()
  }

  return {
    element,
    open(topicId) {
      const form = engine.store.get().forms?.find((one) => one.topicId === topicId)
      if (!form) return
      const sent = (): void => {
        made.delete(topicId)
        close()
      }
      const view = made.get(topicId) ?? formOf(engine, words, form, sent)
      made.set(topicId, view)
      title.textContent = form.name
      body.replaceChildren(view)
      body.scrollTop = 0
      cover(true)
      ;(view.querySelector<HTMLElement>('select,input,textarea') ?? back).focus()
    },
  }
}

function formOf(engine: Engine, words: FormWords, form: Form, sent: () => void): HTMLFormElement {
  const fields = form.fields.map((field) => createFieldView(field, words, refresh))
  const text = h('textarea', { id: 'form-text', rows: '4', maxlength: '4000' })
  const files = createFilePicker(words, () => engine.store.get().settings?.limits)
  const problem = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const button = h('button', { type: 'submit', class: 'form-send' }, words.send)
  const describe = h('div', { class: 'field' }, h('label', { for: 'form-text' }, words.describe), text)
  const view = h(
    'form',
    { novalidate: true },
    ...fields.map((one) => one.element),
    describe,
    files.element,
    problem,
    button,
  )
  // The same however often it is pressed: the server makes one message of it.
  const id = engine.newForm()
  let busy = false

  function refresh(): void {
    const asked = new Map<string, string>()
    for (const one of fields) {
      const { key, when } = one.field
      const shown = !when || when.is.includes(asked.get(when.field) ?? '')
      one.ask(shown)
      if (shown) asked.set(key, one.value())
    }
  }
  function say(message: string): void {
    problem.textContent = message
    problem.hidden = message === ''
  }
  function refuse(wrong: readonly FieldView[]): void {
    say(words.check)
    wrong[0]?.focus()
  }

  async function submit(): Promise<void> {
    if (busy) return
    const wrong = fields.filter((one) => !one.check())
    if (wrong.length > 0) return refuse(wrong)
    const answers = Object.fromEntries(fields.map((one) => [one.field.key, one.value()]))
    if (text.value.trim() === '' && Object.values(answers).join('') === '') return say(words.empty)
    busy = true
    button.disabled = true
    button.textContent = words.sending
    say('')
    try {
      await engine.sendForm({ clientId: id, topicId: form.topicId, answers, text: text.value }, files.chosen())
      sent()
    } catch (error) {
      const told = error instanceof ApiError ? error.fields : []
      for (const { field, message } of told) fields.find((one) => one.field.key === field)?.say(message)
      const named = fields.filter((one) => told.some(({ field }) => field === one.field.key))
      if (named.length > 0) refuse(named)
      else say(words.failed)
    } finally {
      busy = false
      button.disabled = false
      button.textContent = words.send
    }
  }

  view.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  refresh()
  return view
}
