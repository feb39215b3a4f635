import { h } from './dom.ts'
import type { Engine } from './engine.ts'
import type { FormWords } from './form-words.ts'
import { createFormsEntry } from './forms-entry.ts'
import type { Words } from './locales.ts'
import { rowView } from './message-view.ts'
import { downIcon } from './panel-icons.ts'
import { type Row, rowsOf } from './rows.ts'
import type { State } from './state.ts'

export interface ListView {
  readonly element: HTMLElement
  update(state: State): void
  toEnd(): void
}

interface ListForms {
  readonly words: FormWords
  open(topicId: string): void
}

/** The scrolling list. Rows that did not change keep their elements, so nothing flickers and selections stay. */
export function createListView(engine: Engine, words: Words, locale: string, forms: ListForms): ListView {
  const greeting = h('div', { class: 'greeting' })
  const topics = createFormsEntry(forms.words, forms.open)
  const actions = { retry: engine.retry, discard: engine.discard, openForm: forms.open, fillForm: forms.words.fill }
  const older = h('button', { type: 'button', class: 'link older', click: () => void showOlder() }, words.older)
  // Polite: a screen reader says new words when it has finished the last ones.
  const log = h('div', {
    class: 'log',
    role: 'log',
    'aria-live': 'polite',
    'aria-relevant': 'additions',
    'aria-label': words.conversation,
  })
  const scroller = h('div', { class: 'scroller', tabindex: '-1' }, greeting, topics.element, older, log)
  const jump = h(
    'button',
    { type: 'button', class: 'jump', hidden: true, click: () => toEnd() },
    downIcon(),
    words.newest,
  )
  const element = h('div', { class: 'list' }, scroller, jump)
  const shown = new Map<string, { readonly element: HTMLElement; readonly signature: string }>()
  let atEnd = true
  let count = 0

  scroller.addEventListener('scroll', () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48
    if (atEnd) seen()
  })
  // Pictures and the keyboard of a phone change heights without a scroll event.
  new ResizeObserver(() => atEnd && toEnd()).observe(log)
  new ResizeObserver(() => atEnd && toEnd()).observe(scroller)

  function seen(): void {
    jump.hidden = true
    if (engine.store.get().open && document.visibilityState === 'visible') engine.look()
  }

  function toEnd(): void {
    scroller.scrollTop = scroller.scrollHeight
    atEnd = true
    seen()
  }

  async function showOlder(): Promise<void> {
    const before = scroller.scrollHeight - scroller.scrollTop
    await engine.older().catch(() => {})
    scroller.scrollTop = scroller.scrollHeight - before
  }

  function render(rows: readonly Row[]): void {
    const keys = new Set(rows.map((row) => row.key))
    for (const [key, { element: old }] of shown) {
      if (keys.has(key)) continue
      old.remove()
      shown.delete(key)
    }
    rows.forEach((row, index) => {
      const signature = JSON.stringify(row, withoutSignatures)
      let current = shown.get(row.key)
      if (current?.signature !== signature) {
        const fresh = rowView(row, words, actions)
        current?.element.replaceWith(fresh)
        current = { element: fresh, signature }
        shown.set(row.key, current)
      }
      if (log.children[index] !== current.element) log.insertBefore(current.element, log.children[index] ?? null)
    })
  }

  return {
    element,
    toEnd,
    update(state) {
      greeting.textContent = state.settings?.greeting || words.greeting
      topics.update(state)
      older.hidden = !state.hasOlder
      const rows = rowsOf(state, words, locale)
      const grew = state.messages.length + state.queued.length > count
      count = state.messages.length + state.queued.length
      render(rows)
      if (atEnd || rows.at(-1)?.key.startsWith('day') || state.queued.at(-1)?.clientId === rows.at(-1)?.key) toEnd()
      else if (grew) jump.hidden = false
    },
  }
}

/** A picture's address is signed anew with every answer; the picture is the same. */
function withoutSignatures(name: string, value: unknown): unknown {
  return (name === 'url' || name === 'avatar') && typeof value === 'string' ? value.split('?')[0] : value
}
