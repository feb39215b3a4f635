import { h } from './dom.ts'
import { fileSize } from './format.ts'
import type { Words } from './locales.ts'
import { fileIcon } from './panel-icons.ts'
import type { ShownFile } from './rows.ts'

const pictures = /^image\/(png|jpeg|gif|webp|avif)$/

export function fileView(file: ShownFile, words: Words): HTMLElement {
  return pictures.test(file.type) && (file.url || file.blob) ? pictureView(file, words) : cardView(file, words)
}

function pictureView(file: ShownFile, words: Words): HTMLElement {
  const image = h('img', { alt: words.picture(file.name), class: 'picture', loading: 'lazy', decoding: 'async' })
  if (file.url) {
    image.src = file.url
    image.addEventListener('error', () => frame.replaceWith(cardView(file, words)), { once: true })
  } else if (file.blob) {
    const local = URL.createObjectURL(file.blob)
    image.src = local
    const done = (): void => URL.revokeObjectURL(local)
    image.addEventListener('load', done, { once: true })
    // A page whose CSP forbids blob: pictures shows the name instead.
    const give = (): void => {
      done()
      frame.replaceWith(cardView(file, words))
    }
    image.addEventListener('error', give, { once: true })
  }
  const frame = file.url
    ? h('a', { href: file.url, target: '_blank', rel: 'noopener', class: 'frame' }, image)
    : h('span', { class: 'frame' }, image)
  return frame
}

function cardView(file: ShownFile, words: Words): HTMLElement {
  const size = file.size === null ? words.notLoaded : fileSize(file.size)
  const inside = [fileIcon(), h('span', { class: 'file-name' }, file.name), h('span', { class: 'file-size' }, size)]
  return file.url
    ? h('a', { class: 'card', href: file.url, target: '_blank', rel: 'noopener', download: file.name }, ...inside)
    : h('span', { class: 'card' }, ...inside)
}
