import { blockNodes } from './blocks.ts'
import { h } from './dom.ts'
import type { Engine } from './engine.ts'
import type { Words } from './locales.ts'
import { backIcon, closeIconSmall, pageIcon } from './panel-icons.ts'
import type { Suggestion } from './types.ts'

export interface SuggestionsView {
  /** A few lines above the composer. */
  readonly element: HTMLElement
  /** Over the whole panel, while one is read. */
  readonly article: HTMLElement
  /** What is being written now; empty: it was sent. */
  ask(text: string): void
}

/** ms after the last key. */
const pause = 400

/** Articles that may answer what is being written. Whoever hides them is left alone until the message is sent. */
export function createSuggestionsView(engine: Engine, words: Words, toComposer: () => void): SuggestionsView {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let unwanted = false
  const list = h('ul')
  const hide = h(
    'button',
    { type: 'button', 'aria-label': words.noArticles, title: words.noArticles, click: never },
    closeIconSmall(),
  )
  const element = h(
    'div',
    { class: 'maybe', hidden: true },
    h('div', { class: 'maybe-top' }, h('span', { role: 'status' }, words.maybe), hide),
    list,
  )
  const back = h(
    'button',
    { type: 'button', class: 'tool', 'aria-label': words.backToChat, title: words.backToChat, click: close },
    backIcon(),
  )
  const title = h('div', { class: 'heading-text' })
  const text = h('div', { class: 'article-text', tabindex: '0' })
  const article = h('div', { class: 'article', hidden: true }, h('div', { class: 'top' }, back, title), text)
  article.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  })

  function never(): void {
    unwanted = true
    show([])
    toComposer()
  }

  function show(items: readonly Suggestion[]): void {
    list.replaceChildren(
      ...items.map((item) =>
        h(
          'li',
          {},
          h('button', { type: 'button', click: () => void open(item) }, pageIcon(), h('span', {}, item.title)),
        ),
      ),
    )
    element.hidden = items.length === 0
  }

  async function open({ id }: Suggestion): Promise<void> {
    const found = await engine.article(id).catch(() => null)
    if (!found) return show([])
    const link = h('a', { href: found.url, target: '_blank', rel: 'noopener' }, words.wholePage)
    const heading = h('h2', {}, found.title)
    text.replaceChildren(heading, ...blockNodes(found.blocks), h('p', {}, link))
    text.setAttribute('lang', found.locale)
    text.scrollTop = 0
    cover(true)
    back.focus()
  }

  /** What lies under it can neither be seen nor reached. */
  function cover(on: boolean): void {
    article.hidden = !on
    for (const other of article.parentElement?.children ?? []) if (other !== article) other.toggleAttribute('inert', on)
  }

  function close(): void {
    cover(false)
    toComposer()
  }

  async function look(written: string): Promise<void> {
    asked += 1
    const mine = asked
    const found = await engine.suggest(written).catch(() => [])
    if (mine === asked && !unwanted) show(found)
  }

  return {
    element,
    article,
    ask(written) {
      clearTimeout(timer)
      if (written.trim() === '') {
        asked += 1
        unwanted = false
        show([])
      } else if (!unwanted) timer = setTimeout(() => void look(written), pause)
    },
  }
}
