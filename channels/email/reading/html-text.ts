import { Parser } from 'htmlparser2'

const silent = new Set([
  'head',
  'script',
  'style',
  'title',
  'template',
  'noscript',
  'select',
  'textarea',
  'svg',
  'math',
])
const lines = new Set(
  'address article aside center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
)
const spaced = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'pre', 'table'])

const MAX_DEPTH = 500
/** The parser closes these by itself, or they never hold anything. */
const flat = new Set(
  'area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr'.split(' '),
)

/** The parser's time grows with the square of the depth; nobody writes such mail by hand. */
export function isTooDeep(html: string): boolean {
  let depth = 0
  for (const [, close, name = ''] of html.matchAll(/<(\/?)([a-z][^\s/<>]{0,20})/gi)) {
    if (flat.has(name.toLowerCase())) continue
    depth = Math.max(0, depth + (close ? -1 : 1))
    if (depth > MAX_DEPTH) return true
  }
  return false
}

/** What a person reads; quotes marked as mail marks them, links with where they lead. At most so many characters. */
export function htmlToText(html: string, most: number): string {
  if (isTooDeep(html))
    return html
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, most)
  const page = createPage(most)
  let skipped = 0
  const links: { href: string; from: number }[] = []
  const parser = new Parser({
    onopentag: (name, { href, style }) => {
      if (skipped > 0 || silent.has(name) || /display\s*:\s*none/i.test(style ?? '')) skipped += 1
      else page.open(name)
      if (name === 'a') links.push({ href: href ?? '', from: page.pieces() })
    },
    ontext: (text) => {
      if (skipped === 0) page.write(text)
    },
    onclosetag: (name) => {
      const link = name === 'a' ? links.pop() : undefined
      if (skipped > 0) skipped -= 1
      else if (link) page.link(link.href, link.from)
      else page.close(name)
    },
  })
  for (let at = 0; at < html.length && page.length() < most; at += 65_536) parser.write(html.slice(at, at + 65_536))
  parser.end()
  return page.text()
}

/** Lines as they come; `pending` newlines are written before the next word. */
function createPage(most: number) {
  const out: string[] = []
  let length = 0
  let pending = 0
  let quoted = 0
  let pre = 0
  let atStart = true
  let space = false
  const breakLine = (count: number) => {
    pending = Math.max(pending, count)
    space = false
  }
  const put = (piece: string) => {
    out.push(piece)
    length += piece.length
  }
  const word = (piece: string) => {
    if (length >= most) return
    const mark = quoted > 0 ? `${'>'.repeat(Math.min(quoted, 20))} ` : ''
    if (pending > 0 && !atStart) put(`\n${mark}`.repeat(pending))
    else if (atStart) put(mark)
    if (space && pending === 0 && !atStart) put(' ')
    pending = 0
    atStart = false
    space = false
    put(piece)
  }
  return {
    length: () => length,
    pieces: () => out.length,
    text: () =>
      out
        .join('')
        .replace(/[ \t]+$/gm, '')
        .trim(),
    open: (name: string) => {
      if (name === 'br') pending += 1
      else if (name === 'blockquote') {
        breakLine(1)
        quoted += 1
      } else if (lines.has(name)) breakLine(spaced.has(name) ? 2 : 1)
      if (name === 'td' || name === 'th') space = true
      if (name === 'li') word('- ')
      if (name === 'hr') word('________________________________')
      if (name === 'pre') pre += 1
    },
    close: (name: string) => {
      if (name === 'blockquote') {
        breakLine(1)
        quoted = Math.max(0, quoted - 1)
      } else if (lines.has(name)) breakLine(spaced.has(name) ? 2 : 1)
      if (name === 'pre') pre = Math.max(0, pre - 1)
    },
    write: (text: string) => {
      const visible = text.replace(/\u034f|[\u200b\u200c\ufeff]/g, '')
      for (const [index, part] of visible.split(pre > 0 ? '\n' : /[ \t\r\n\f\u00a0]+/).entries()) {
        if (index > 0 && pre > 0) pending += 1
        else if (index > 0) space = true
        if (part !== '') word(part)
      }
    },
    link: (href: string, from: number) => {
      const label = out
        .slice(from, from + 40)
        .join('')
        .trim()
      const url = href.trim()
      if (out.length === from || !/^https?:\/\/\S+$/i.test(url) || url.length > 2_000) return
      if (label !== '' && !label.includes('://') && !url.includes(label.replace(/\s/g, ''))) word(` <${url}>`)
    },
  }
}
