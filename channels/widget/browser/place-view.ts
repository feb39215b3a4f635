import { h } from './dom.ts'
import type { Words } from './locales.ts'
import type { State } from './state.ts'

/** One quiet line above the composer, as long as the visitor waits for a person. */
export function createPlaceView(words: Words) {
  const element = h('div', { class: 'place', role: 'status', hidden: true })
  return {
    element,
    update({ place: known }: State): void {
      const { place = null, wait = null } = known ?? {}
      const text =
        place === null ? '' : [words.place(place), ...(wait ? [words.wait(wait.low, wait.high)] : [])].join('')
      if (element.textContent !== text) element.textContent = text
      element.hidden = text === ''
    },
  }
}
