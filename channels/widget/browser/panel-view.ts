import { readerLocale } from './api.ts'
import { createClosedView } from './closed-view.ts'
import { createComposerView } from './composer-view.ts'
import { h } from './dom.ts'
import { createEmailView } from './email-view.ts'
import type { Engine } from './engine.ts'
import { createFormView } from './form-view.ts'
import { formWordsOf } from './form-words.ts'
import { createListView } from './list-view.ts'
import type { Words } from './locales.ts'
import { minimizeIcon } from './panel-icons.ts'
import { createPlaceView } from './place-view.ts'
import type { State } from './state.ts'
import { createSuggestionsView } from './suggestions-view.ts'

export interface PanelView {
  readonly element: HTMLElement
  update(state: State): void
}

/** The dialog. It leaves the page usable; only where it fills a phone's screen does it keep the focus to itself. */
export function createPanelView(engine: Engine, words: Words, locale: string): PanelView {
  const formWords = formWordsOf(readerLocale(locale.split('-')[0] ?? locale))
  const form = createFormView(engine, formWords, () => composer.focus())
  const list = createListView(engine, words, locale, { words: formWords, open: form.open })
  const suggestions = createSuggestionsView(engine, words, () => composer.focus())
  const composer = createComposerView(engine, words, suggestions.ask)
  const email = createEmailView(engine, words)
  const place = createPlaceView(words)
  const closed = createClosedView(words, locale)
  const title = h('h2', { id: 'title' }, words.title)
  const hours = h('p', { class: 'hours', hidden: true })
  const close = h(
    'button',
    {
      type: 'button',
      class: 'tool',
      'aria-label': words.close,
      title: words.close,
      click: () => engine.setOpen(false),
    },
    minimizeIcon(),
  )
  const banner = h('div', { class: 'banner', role: 'status', hidden: true })
  const typing = h('div', { class: 'typing', 'aria-live': 'polite' })
  const element = h(
    'section',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
    h('div', { class: 'top' }, h('div', { class: 'heading-text' }, title, hours), close),
    banner,
    closed.element,
    list.element,
    typing,
    place.element,
    email.element,
    suggestions.element,
    composer.element,
    suggestions.article,
    form.element,
    h('div', { class: 'drop', 'aria-hidden': 'true' }, words.dropHere),
  )
  acceptDrops(element, (files) => composer.add(files))
  keepFocus(element, () => engine.setOpen(false))

  let wasOpen = false
  return {
    element,
    update(state) {
      title.textContent = state.settings?.name || words.title
      hours.textContent = state.settings?.availability ?? ''
      hours.hidden = hours.textContent === ''
      banner.hidden = state.online
      // Set only when it changes, so that a screen reader says it once.
      if (!state.online && banner.textContent === '') banner.textContent = words.offline
      else if (state.online) banner.textContent = ''
      showTyping(typing, state, words)
      element.hidden = !state.open
      composer.update(state)
      email.update(state)
      place.update(state)
      closed.update(state)
      list.update(state)
      if (state.open && !wasOpen) {
        list.toEnd()
        composer.focus()
      }
      wasOpen = state.open
    },
  }
}

function showTyping(element: HTMLElement, state: State, words: Words): void {
  const name = state.messages.findLast((message) => message.from === 'support')?.sender?.name || words.support
  const text = state.supportTyping ? `${name} ${words.typing}` : ''
  if (element.textContent !== text) element.textContent = text
}

function acceptDrops(panel: HTMLElement, take: (files: File[]) => void): void {
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  panel.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    panel.classList.add('dropping')
  })
  panel.addEventListener('dragleave', (event) => {
    if (!panel.contains(event.relatedTarget as Node | null)) panel.classList.remove('dropping')
  })
  panel.addEventListener('drop', (event) => {
    panel.classList.remove('dropping')
    if (!holdsFiles(event)) return
    event.preventDefault()
    take([...(event.dataTransfer?.files ?? [])])
  })
}

const reachable = 'button:not([disabled]):not([hidden]),a[href],textarea,select,input:not([hidden]),[tabindex="0"]'

function keepFocus(panel: HTMLElement, close: () => void): void {
  const fills = matchMedia('(max-width:480px)')
  const mark = (): void => panel.setAttribute('aria-modal', String(fills.matches))
  fills.addEventListener('change', mark)
  mark()
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation()
      close()
    }
    if (event.key !== 'Tab' || !fills.matches) return
    const stops = [...panel.querySelectorAll<HTMLElement>(reachable)].filter((stop) => stop.offsetParent !== null)
    const edge = event.shiftKey ? stops[0] : stops.at(-1)
    const root = panel.getRootNode() as ShadowRoot
    if (root.activeElement !== edge) return
    event.preventDefault()
    ;(event.shiftKey ? stops.at(-1) : stops[0])?.focus()
  })
}
