import { h } from './dom.ts'
import type { FormWords } from './form-words.ts'
import { clipIcon, closeIconSmall } from './panel-icons.ts'
import type { Settings } from './types.ts'

/** What goes with a form. */
export function createFilePicker(words: FormWords, limits: () => Settings['limits'] | undefined) {
  let files: File[] = []
  const chips = h('div', { class: 'chips' })
  const problem = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const picker = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1' })
  const add = h(
    'button',
    { type: 'button', class: 'form-attach', click: () => picker.click() },
    clipIcon(),
    words.attach,
  )
  const element = h('div', { class: 'field' }, picker, add, chips, problem)

  function show(): void {
    chips.replaceChildren(
      ...files.map((file) => {
        const drop = (): void => {
          files = files.filter((other) => other !== file)
          show()
          add.focus()
        }
        const button = { type: 'button', 'aria-label': `${words.remove} ${file.name}`, click: drop }
        return h('span', { class: 'chip' }, h('span', {}, file.name), h('button', button, closeIconSmall()))
      }),
    )
  }
  picker.addEventListener('change', () => {
    const { fileBytes = 25 * 1024 * 1024, files: most = 10 } = limits() ?? {}
    const chosen = [...(picker.files ?? [])]
    const large = chosen.find(({ size }) => size > fileBytes)
    problem.textContent = large ? `${words.tooLarge} ${large.name}` : ''
    problem.hidden = !large
    files = [...files, ...chosen.filter(({ size }) => size > 0 && size <= fileBytes)].slice(0, most)
    picker.value = ''
    show()
  })
  return { element, chosen: (): readonly File[] => files }
}
