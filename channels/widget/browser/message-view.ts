import { blockNodes, plainNodes } from './blocks.ts'
import { h } from './dom.ts'
import { fileView } from './file-view.ts'
import type { Words } from './locales.ts'
import { alertIcon, pageIcon } from './panel-icons.ts'
import type { MessageRow, Row } from './rows.ts'

export interface RowActions {
  retry(clientId: string): void
  discard(clientId: string): void
  openForm(topicId: string): void
  readonly fillForm: string
}

export function rowView(row: Row, words: Words, actions: RowActions): HTMLElement {
  if (row.kind === 'day') return h('div', { class: 'day', role: 'separator' }, h('span', {}, row.text))
  const classes = [
    'message',
    row.mine ? 'mine' : 'theirs',
    row.lastOfRun ? 'last' : '',
    row.failed !== undefined ? 'bad' : '',
  ]
  return h(
    'div',
    {
      class: classes.join(' '),
      role: 'article',
      'aria-label': `${row.mine ? words.you : (row.name ?? words.support)}, ${row.exact}`,
    },
    row.name && senderLine(row, row.name, words),
    bubble(row),
    row.form !== undefined && formCard(row.form, actions),
    row.files.length > 0 && h('div', { class: 'files' }, ...row.files.map((file) => fileView(file, words))),
    row.progress !== undefined && progressBar(row.progress),
    row.failed === undefined ? metaLine(row) : failedLine(row, words, actions),
  )
}

function senderLine(row: MessageRow, name: string, words: Words): HTMLElement {
  const initial = h('span', { class: 'avatar', 'aria-hidden': 'true' }, [...name][0] ?? '')
  if (row.avatar) {
    const image = h('img', { src: row.avatar, alt: '' })
    image.addEventListener('error', () => image.remove())
    initial.append(image)
  }
  return h(
    'div',
    { class: 'sender' },
    initial,
    h('span', {}, name),
    row.bot === true && h('span', { class: 'mark' }, words.bot),
  )
}

function bubble(row: MessageRow): HTMLElement | null {
  if (row.text === '' && !row.quote) return null
  const content = row.blocks ? blockNodes(row.blocks) : plainNodes(row.text)
  return h('div', { class: 'words', dir: 'auto' }, row.quote && h('div', { class: 'quoted' }, row.quote), ...content)
}

function formCard(topicId: string, { openForm, fillForm }: RowActions): HTMLElement {
  return h('button', { type: 'button', class: 'card form-card', click: () => openForm(topicId) }, pageIcon(), fillForm)
}

function metaLine(row: MessageRow): HTMLElement | null {
  const said = [row.lastOfRun ? row.time : '', row.note, row.status].filter(Boolean)
  if (said.length === 0) return null
  return h('div', { class: 'meta' }, h('time', { title: row.exact }, said.join(' · ')))
}

function failedLine(row: MessageRow, words: Words, actions: RowActions): HTMLElement {
  const act = (label: string, press: (clientId: string) => void): HTMLElement =>
    h('button', { type: 'button', class: 'link', click: () => row.clientId && press(row.clientId) }, label)
  return h(
    'div',
    { class: 'meta failed', role: 'alert' },
    alertIcon(),
    h('span', {}, row.failed ? `${words.failed}: ${row.failed}` : words.failed),
    act(words.retry, actions.retry),
    act(words.discard, actions.discard),
  )
}

function progressBar(share: number): HTMLElement {
  const bar = h('progress', { max: '1' })
  bar.value = share
  return bar
}
