import { h } from './dom.ts'
import type { Words } from './locales.ts'
import type { State } from './state.ts'
import type { Availability } from './types.ts'

/** Says that nobody is there, when people are back, and what else there is. Writing is possible all the same. */
export function createClosedView(words: Words, locale: string) {
  const said = h('p', { role: 'status' })
  const help = h('a', { class: 'link', target: '_blank', rel: 'noopener', hidden: true }, words.help)
  const element = h('div', { class: 'closed', hidden: true }, said, help)
  return {
    element,
    update({ availability, settings }: State): void {
      const closed = availability?.open === false
      element.hidden = !closed
      if (!closed) return
      const text = sentence(availability, words, locale) + (settings?.email ? ` ${words.writeAnyway}` : '')
      if (said.textContent !== text) said.textContent = text
      help.hidden = availability.help === null
      if (availability.help !== null) help.setAttribute('href', availability.help)
    },
  }
}

function sentence({ why, opensAt }: Availability, words: Words, locale: string): string {
  if (why === 'busy') return words.busy
  if (why === 'elsewhere') return words.elsewhere
  if (opensAt === null) return words.closed
  const soon = Date.parse(opensAt) - Date.now() < 6 * 86_400_000
  const shown = new Intl.DateTimeFormat(locale, {
    ...(soon ? { weekday: 'long' } : { month: 'long', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
  })
  return `${words.closed} ${words.back(shown.format(new Date(opensAt)))}`
}
