import type { Inline } from './markdown.ts'

const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** The address as it may stand in an href, or null: only http, https, mailto and tel. */
export function safeUrl(url: string): string | null {
  const trimmed = url.trim()
  // Browsers drop tabs and newlines inside a scheme (`java\tscript:`), so an address with controls is none.
  if (/[\u0000-\u0020\u007f]/.test(trimmed)) return null
  try {
    return schemes.has(new URL(trimmed).protocol) ? trimmed : null
  } catch {
    return null
  }
}

/** Bare addresses become links, as every chat shows them; punctuation that ends the sentence stays outside. */
export function linkBareUrls(text: string): Inline[] {
  const inline: Inline[] = []
  let from = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"\u3000-\u303f\uff00-\uffef]+/gi)) {
    const url = withoutTail(match[0])
    const safe = safeUrl(url)
    if (!safe) continue
    if (match.index > from) inline.push({ kind: 'text', text: text.slice(from, match.index) })
    inline.push({ kind: 'link', url: safe, inline: [{ kind: 'text', text: url }] })
    from = match.index + url.length
  }
  if (from < text.length) inline.push({ kind: 'text', text: text.slice(from) })
  return inline
}

function withoutTail(url: string): string {
  let end = url.length
  while (end > 0) {
    const last = url[end - 1] ?? ''
    const opened = last === ')' && url.slice(0, end).split('(').length >= url.slice(0, end).split(')').length
    if (opened || !/[.,;:!?'")\]*_]/.test(last)) break
    end -= 1
  }
  return url.slice(0, end)
}
