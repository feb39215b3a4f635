import type { Mark, MarkedText } from './marked-text.ts'

/** For platforms that take one text with the marks in it, as chats write them. What is no mark is escaped. */
export function asMarkdown({ text, marks }: MarkedText): string {
  return written(text, marks, { from: 0, to: text.length, lineStart: true })
}

interface Stretch {
  readonly from: number
  readonly to: number
  readonly lineStart: boolean
}

function written(text: string, marks: readonly Mark[], { from, to, lineStart }: Stretch): string {
  let out = ''
  let at = from
  const atLineStart = () => (out === '' ? lineStart : out.endsWith('\n'))
  for (let index = 0; index < marks.length; ) {
    const mark = marks[index]!
    const end = mark.offset + mark.length
    const inner = marks.slice(index + 1).filter(({ offset }) => offset < end)
    out += escaped(text.slice(at, mark.offset), atLineStart())
    out += wrapped(mark, () => written(text, inner, { from: mark.offset, to: end, lineStart: atLineStart() }), text)
    index += 1 + inner.length
    at = end
  }
  return out + escaped(text.slice(at, to), atLineStart())
}

function wrapped({ kind, offset, length, url, language }: Mark, inner: () => string, text: string): string {
  const raw = text.slice(offset, offset + length)
  switch (kind) {
    case 'bold':
      return `**${inner()}**`
    case 'italic':
      return `*${inner()}*`
    // Nothing can be escaped in code: another sign, or an invisible joint, keeps it from ending early.
    case 'code':
      return `\`${raw.replaceAll('`', "'")}\``
    case 'codeBlock':
      return `\`\`\`${(language?.split(' ')[0] ?? '').replace(/[^\w+#.-]/g, '')}\n${raw.replaceAll('```', '`\u200b`\u200b`')}\n\`\`\``
    case 'link':
      // In angle brackets no preview is unfurled, and parentheses end nothing.
      return `[${inner()}](<${url}>)`
    case 'quote':
      return `> ${inner().replaceAll('\n', '\n> ')}`
  }
}

/** Addresses stay as they are, else they are none. */
function escaped(words: string, atLineStart: boolean): string {
  const signs = words.replace(/https?:\/\/\S+|[\\*_~`|<[]/g, (found) => (found.length > 1 ? found : `\\${found}`))
  return signs.replace(
    /(^|\n)([^\S\n]*)(#{1,3}|-#|>{1,3})(?=\s)/g,
    (whole, line: string, space: string, sign: string, at: number) =>
      at === 0 && line === '' && !atLineStart ? whole : `${line}${space}\\${sign}`,
  )
}
