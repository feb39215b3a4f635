import { h } from './dom.ts'
import type { FormWords } from './form-words.ts'
import type { State } from './state.ts'

/** Before anything was said: what the forms are about, as buttons under the greeting. */
export function createFormsEntry(words: FormWords, open: (topicId: string) => void) {
  const buttons = h('div', { class: 'topics-list' })
  const element = h('div', { class: 'topics', hidden: true }, h('p', {}, words.start), buttons)
  let shown: State['forms'] = null
  return {
    element,
    update({ forms, messages, queued }: State): void {
      element.hidden = !forms?.length || messages.length + queued.length > 0
      if (forms === shown) return
      shown = forms
      buttons.replaceChildren(
        ...(forms ?? []).map(({ topicId, name }) => h('button', { type: 'button', click: () => open(topicId) }, name)),
      )
    },
  }
}
