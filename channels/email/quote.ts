import type { OutboundLetter } from '../../src/channel/contract.ts'
import { escapeHtml } from '../../src/channel/html.ts'
import { shown } from './address.ts'

type Quoted = NonNullable<OutboundLetter['quoted']>

const months = 'January February March April May June July August September October November December'.split(' ')

export function quotedText(quoted: Quoted): string {
  const lines = quoted.text
    .replaceAll('\0', '')
    .trimEnd()
    .split(/\r\n|\r|\n/)
  return [introduction(quoted), ...lines.map((line) => (/^>|^$/.test(line) ? `>${line}` : `> ${line}`))].join('\n')
}

export function quotedHtml(quoted: Quoted): string {
  const inside = quoted.html === undefined ? paragraphs(quoted.text) : withoutPictures(quoted.html)
  const style = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex'
  return `<div>${escapeHtml(introduction(quoted))}<br></div>\n<blockquote type="cite" style="${style}">${inside}</blockquote>`
}

/** In the words most mail programs look for when they fold what is quoted; without the locale data of whoever runs it. */
function introduction({ from, at }: Quoted): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
  return `On ${day} at ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC, ${shown(from)} wrote:`
}

function paragraphs(text: string): string {
  return escapeHtml(text.replaceAll('\0', '').trimEnd()).replace(/\r\n|\r|\n/g, '<br>\n')
}

/** The letter was sanitised when it came, so no attribute holds a `>`. Its pictures are not ours to send or to have fetched. */
function withoutPictures(html: string): string {
  return html.replaceAll('\0', '').replace(/<img\b[^>]*>/gi, (tag) => /\balt="([^"]*)"/i.exec(tag)?.[1] ?? '')
}
