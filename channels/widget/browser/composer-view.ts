import { h } from './dom.ts'
import type { Engine } from './engine.ts'
import { fileSize } from './format.ts'
import type { Words } from './locales.ts'
import { clipIcon, closeIconSmall, sendIcon } from './panel-icons.ts'
import type { State } from './state.ts'

export interface ComposerView {
  readonly element: HTMLElement
  add(files: readonly File[]): void
  update(state: State): void
  focus(): void
}

const usual = { text: 10_000, fileBytes: 25 * 1024 * 1024, files: 10 }

export function createComposerView(engine: Engine, words: Words, onText: (text: string) => void): ComposerView {
  let files: File[] = []
  let limits = usual
  let wasTooLong = false
  const chips = h('div', { class: 'chips' })
  const problem = h('div', { class: 'problem', role: 'alert', hidden: true })
  const area = h('textarea', {
    rows: '1',
    placeholder: words.placeholder,
    'aria-label': words.placeholder,
    enterkeyhint: 'send',
  })
  const picker = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1' })
  const clip = h(
    'button',
    { type: 'button', class: 'tool', 'aria-label': words.attach, title: words.attach, click: () => picker.click() },
    clipIcon(),
  )
  const send = h(
    'button',
    { type: 'submit', class: 'tool send', 'aria-label': words.send, title: words.send },
    sendIcon(),
  )
  const element = h(
    'form',
    { class: 'composer' },
    problem,
    chips,
    h('div', { class: 'entry' }, clip, picker, area, send),
  )

  function say(text: string): void {
    problem.textContent = text
    problem.hidden = text === ''
  }

  function changed(): void {
    // Measured, then set through the style object, which no CSP forbids.
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 160)}px`
    const over = area.value.length - limits.text
    send.disabled = (area.value.trim() === '' && files.length === 0) || over > 0
    if (over > 0) say(words.tooLong(over))
    else if (wasTooLong) say('')
    wasTooLong = over > 0
  }

  function add(fresh: readonly File[]): void {
    const large = fresh.find((file) => file.size > limits.fileBytes)
    const fitting = fresh.filter((file) => file.size <= limits.fileBytes && file.size > 0)
    const room = limits.files - files.length
    files = [...files, ...fitting.slice(0, room)]
    say(
      large
        ? words.tooLarge(large.name, fileSize(limits.fileBytes))
        : fitting.length > room
          ? words.tooMany(limits.files)
          : '',
    )
    showChips()
  }

  function showChips(): void {
    chips.replaceChildren(...files.map(chip))
    changed()
  }

  function chip(file: File): HTMLElement {
    const drop = (): void => {
      files = files.filter((other) => other !== file)
      showChips()
      area.focus()
    }
    const button = h('button', { type: 'button', 'aria-label': words.remove(file.name), click: drop }, closeIconSmall())
    return h('span', { class: 'chip' }, h('span', {}, file.name), button)
  }

  function submit(): void {
    const text = area.value.trim()
    if ((text === '' && files.length === 0) || area.value.length > limits.text) return
    engine.write(text, files)
    area.value = ''
    onText('')
    files = []
    say('')
    showChips()
    area.focus()
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  area.addEventListener('input', () => {
    changed()
    onText(area.value)
    if (area.value !== '') engine.typing()
  })
  area.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses a word. 229: Safari tells it only so.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    submit()
  })
  area.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])]
    if (pasted.length === 0) return
    event.preventDefault()
    add(pasted)
  })
  picker.addEventListener('change', () => {
    add([...(picker.files ?? [])])
    picker.value = ''
    area.focus()
  })
  send.disabled = true
  return {
    element,
    add,
    update(state) {
      limits = state.settings?.limits ?? usual
    },
    focus() {
      // Only now it has a height to measure.
      changed()
      area.focus({ preventScroll: true })
    },
  }
}
