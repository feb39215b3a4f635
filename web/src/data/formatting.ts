export const formats = ['bold', 'italic', 'code', 'link', 'list', 'quote', 'codeBlock', 'heading'] as const
export type Format = (typeof formats)[number]

/** `insert` goes in place of what stands from `start` to `end`; afterwards `from` to `to` is selected. */
export interface Change {
  start: number
  end: number
  insert: string
  from: number
  to: number
}

const around: Partial<Record<Format, string>> = { bold: '**', italic: '*', code: '`' }
const before: Partial<Record<Format, string>> = { list: '- ', quote: '> ', heading: '## ' }

/** The marks of a format put around or before what is selected, or taken away where they are there. */
export function formatted(text: string, start: number, end: number, format: Format): Change {
  const mark = around[format]
  const prefix = before[format]
  if (mark) return wrapped(text, start, end, mark)
  if (prefix) return prefixed(text, start, end, prefix)
  return format === 'link' ? linked(text, start, end) : fenced(text, start, end)
}

function wrapped(text: string, from: number, to: number, mark: string): Change {
  const chosen = text.slice(from, to)
  // Marks stand close to the words, or they are none.
  const start = from + (chosen.length - chosen.trimStart().length)
  const end = Math.max(start, to - (chosen.length - chosen.trimEnd().length))
  const words = text.slice(start, end)
  const n = mark.length
  if (isMarked(text, start - n, end + n, mark)) {
    return { start: start - n, end: end + n, insert: words, from: start - n, to: end - n }
  }
  if (words.length > 2 * n && isMarked(text, start, end, mark)) {
    return { start, end, insert: words.slice(n, -n), from: start, to: end - 2 * n }
  }
  return { start, end, insert: `${mark}${words}${mark}`, from: start + n, to: end + n }
}

/** One star inside of two is no mark of its own. */
function isMarked(text: string, start: number, end: number, mark: string): boolean {
  const n = mark.length
  if (start < 0 || text.slice(start, start + n) !== mark || text.slice(end - n, end) !== mark) return false
  const sign = mark[0]
  const left = text.slice(0, start + n).length - trimmedEnd(text.slice(0, start + n), sign).length
  const inner = text.slice(start).length - trimmedStart(text.slice(start), sign).length
  const run = Math.max(left, inner)
  return run === n || run === 3
}

const trimmedEnd = (text: string, sign = '') => text.replace(new RegExp(`\\${sign}+$`), '')
const trimmedStart = (text: string, sign = '') => text.replace(new RegExp(`^\\${sign}+`), '')

function prefixed(text: string, from: number, to: number, prefix: string): Change {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const next = text.indexOf('\n', to)
  const end = next < 0 ? text.length : next
  const lines = text.slice(start, end).split('\n')
  const all = lines.every((line) => line.startsWith(prefix))
  const insert = lines.map((line) => (all ? line.slice(prefix.length) : prefix + line)).join('\n')
  const at = start + insert.length
  return { start, end, insert, from: from === to ? at : start, to: at }
}

function linked(text: string, start: number, end: number): Change {
  const words = text.slice(start, end)
  if (/^https?:\/\/\S+$/.test(words)) return { start, end, insert: `[](${words})`, from: start + 1, to: start + 1 }
  const at = start + words.length + 3
  if (words === '') return { start, end, insert: '[](https://)', from: start + 1, to: start + 1 }
  return { start, end, insert: `[${words}](https://)`, from: at, to: at + 'https://'.length }
}

function fenced(text: string, start: number, end: number): Change {
  const opens = start > 0 && text[start - 1] !== '\n' ? '\n```\n' : '```\n'
  const closes = end < text.length && text[end] !== '\n' ? '\n```\n' : '\n```'
  const at = start + opens.length
  return { start, end, insert: opens + text.slice(start, end) + closes, from: at, to: at + (end - start) }
}
