import { nextCut } from './cut.ts'
import { type Block, type Inline, parseMarkdown } from './markdown.ts'

/** A stretch of a text that is shown in another way; offset and length in UTF-16 units. */
export interface Mark {
  readonly kind: 'bold' | 'italic' | 'code' | 'codeBlock' | 'link' | 'quote'
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly language?: string
}

/** For platforms that take text and marks apart: nothing has to be escaped, and no cut can break a mark. */
export interface MarkedText {
  readonly text: string
  readonly marks: readonly Mark[]
}

interface Writing {
  text: string
  readonly marks: Mark[]
}

/** Half characters and NUL, which cannot travel, are replaced. Quotes lie side by side, never in each other; only http and https become links, of others the address is written out. */
export function markedText(markdown: string): MarkedText {
  const out: Writing = { text: '', marks: [] }
  writeBlocks(out, parseMarkdown(Buffer.from(markdown).toString().replaceAll('\0', '\ufffd')), false)
  return out
}

function writeBlocks(out: Writing, blocks: readonly Block[], quoted: boolean): void {
  blocks.forEach((block, index) => {
    if (index > 0) out.text += '\n\n'
    writeBlock(out, block, quoted)
  })
}

function writeBlock(out: Writing, block: Block, quoted: boolean): void {
  switch (block.kind) {
    case 'paragraph':
      writeInline(out, block.inline)
      break
    case 'heading':
      marked(out, { kind: 'bold' }, () => writeInline(out, block.inline))
      break
    case 'rule':
      out.text += '———'
      break
    case 'code':
      marked(out, { kind: 'codeBlock', ...(block.language && { language: block.language }) }, () => {
        out.text += block.text
      })
      break
    case 'quote':
      if (quoted) out.text += '> '
      if (quoted) writeBlocks(out, block.blocks, true)
      else marked(out, { kind: 'quote' }, () => writeBlocks(out, block.blocks, true))
      break
    case 'list':
      writeList(out, block, quoted)
  }
}

function writeList(out: Writing, list: Extract<Block, { kind: 'list' }>, quoted: boolean): void {
  list.items.forEach((item, index) => {
    if (index > 0) out.text += '\n'
    out.text += list.ordered ? `${list.start + index}. ` : '• '
    item.forEach((block, at) => {
      if (at > 0) out.text += '\n   '
      writeBlock(out, block, quoted)
    })
  })
}

function writeInline(out: Writing, nodes: readonly Inline[]): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        out.text += node.text
        break
      case 'break':
        out.text += '\n'
        break
      case 'bold':
      case 'italic':
        marked(out, { kind: node.kind }, () => writeInline(out, node.inline))
        break
      case 'code':
        marked(out, { kind: 'code' }, () => {
          out.text += node.text
        })
        break
      case 'link':
        writeLink(out, node)
    }
  }
}

function writeLink(out: Writing, { url, inline }: Extract<Inline, { kind: 'link' }>): void {
  const [offset, at] = [out.text.length, out.marks.length]
  writeInline(out, inline)
  const label = out.text.slice(offset)
  // An address that stands there as it is becomes a link by itself.
  if (label === url || label === url.replace(/^(?:mailto|tel):/i, '')) return
  if (/^https?:/i.test(url)) out.marks.splice(at, 0, { kind: 'link', url, offset, length: label.length })
  else out.text += ` (${url})`
}

function marked(out: Writing, mark: Omit<Mark, 'offset' | 'length'>, write: () => void): void {
  const [offset, at] = [out.text.length, out.marks.length]
  write()
  const length = out.text.length - offset
  // Outer marks stand before the inner ones.
  if (length > 0) out.marks.splice(at, 0, { ...mark, offset, length })
}

/**
 * Pieces of at most `max` units, their marks with them; white space at the cuts is all that is lost. `lengthOf`: how long a piece
 * is as the platform counts it, no less than its text.
 */
export function cutMarked(whole: MarkedText, max: number, lengthOf?: (piece: MarkedText) => number): MarkedText[] {
  const { text } = whole
  const pieces: MarkedText[] = []
  for (let from = 0; from < text.length; ) {
    // No piece reaches further, and looking at all marks for each length asked takes seconds.
    const near = { text, marks: whole.marks.filter((mark) => touches(mark, from, from + 3 * max)) }
    const start = from
    const measure = lengthOf && ((piece: string) => lengthOf(sliced(near, start, start + piece.length)))
    const end = nextCut(text, from, max, measure)
    const first = from + (/^\s*/.exec(text.slice(from, end))?.[0].length ?? 0)
    const last = first + text.slice(first, end).trimEnd().length
    if (last > first) pieces.push(sliced(near, first, last))
    from = end
  }
  return pieces
}

const touches = ({ offset, length }: Mark, from: number, to: number) => offset < to && offset + length > from

function sliced({ text, marks }: MarkedText, start: number, end: number): MarkedText {
  const kept = marks.flatMap((mark) => {
    const from = Math.max(mark.offset, start)
    const to = Math.min(mark.offset + mark.length, end)
    return to > from ? [{ ...mark, offset: from - start, length: to - from }] : []
  })
  return { text: text.slice(start, end), marks: kept }
}
