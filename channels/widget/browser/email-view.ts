import { ApiError } from './api.ts'
import { h } from './dom.ts'
import type { Engine } from './engine.ts'
import type { Words } from './locales.ts'
import type { State } from './state.ts'
import type { EmailState } from './types.ts'

export interface EmailView {
  readonly element: HTMLElement
  update(state: State): void
}

/** One quiet line above the composer: where the visitor is answered after leaving. A form only when it is asked for. */
export function createEmailView(engine: Engine, words: Words): EmailView {
  let editing = false
  let busy = false
  let waiting = false
  // Said once when it changes: it is what became of the visitor's own doing.
  const said = h('span', { class: 'email-said', role: 'status' })
  const open = h('button', { type: 'button', class: 'link', click: () => edit(true) })
  const line = h('div', { class: 'email-line' }, said, open)
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true })
  const input = h('input', {
    type: 'email',
    id: 'email',
    required: true,
    maxlength: '254',
    autocomplete: 'email',
    inputmode: 'email',
    placeholder: words.emailExample,
  })
  const send = h('button', { type: 'submit', class: 'email-send' }, words.emailSend)
  const cancel = h('button', { type: 'button', class: 'link', click: () => edit(false) }, words.emailCancel)
  const form = h(
    'form',
    { class: 'email-form', novalidate: true, hidden: true },
    h('label', { for: 'email' }, words.emailLabel),
    h('div', { class: 'email-row' }, input, send, cancel),
    problem,
  )
  const element = h('div', { class: 'email', hidden: true }, line, form)

  function say(text: string): void {
    problem.textContent = text
    problem.hidden = text === ''
    input.setAttribute('aria-invalid', String(text !== ''))
  }

  function edit(on: boolean): void {
    editing = on
    say('')
    show(engine.store.get())
    if (on) input.value = engine.store.get().email?.address ?? ''
    if (on) input.select()
    ;(on ? input : open).focus()
  }

  async function submit(): Promise<void> {
    const address = input.value.trim()
    if (busy) return
    if (!input.checkValidity() || address === '') {
      say(words.emailBad)
      return input.focus()
    }
    busy = true
    send.disabled = true
    try {
      await engine.leaveEmail(address)
      edit(false)
    } catch (error) {
      say(problemOf(error, words))
      input.focus()
    } finally {
      busy = false
      send.disabled = false
    }
  }

  function show(state: State): void {
    const { email, messages, settings } = state
    const last = messages.at(-1)
    // Unanswered words are what an address is for; who was answered is not asked any more.
    if (last) waiting = last.from === 'visitor'
    const known = email !== null && email.state !== 'none'
    const offered = settings?.email === true && email !== null && messages.some(({ from }) => from === 'visitor')
    element.hidden = !offered || !(known || waiting || editing)
    line.hidden = editing
    form.hidden = !editing
    if (!email) return
    const text = sentenceOf(email, words)
    if (said.textContent !== text) said.textContent = text
    open.textContent = known ? words.emailChange : words.emailLeave
    element.classList.toggle('bad', email.state === 'refused')
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return
    // Ends the form, not the chat.
    event.stopPropagation()
    edit(false)
  })
  return { element, update: show }
}

function sentenceOf({ state, address = '' }: EmailState, words: Words): string {
  if (state === 'pending') return words.emailPending(address)
  if (state === 'refused') return words.emailRefused(address)
  return state === 'confirmed' ? words.emailConfirmed(address) : words.emailOffer
}

function problemOf(error: unknown, words: Words): string {
  const status = error instanceof ApiError ? error.status : 0
  if (status === 400) return words.emailBad
  return status === 429 ? words.emailTooOften : words.emailFailed
}
