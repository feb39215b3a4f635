/** Length in a channel's own unit (UTF-16, code points, bytes, weighted…). */
export type Measure = (text: string) => number

export const utf16Length: Measure = (text) => text.length
export const byteLength: Measure = (text) => Buffer.byteLength(text)
export function codePointLength(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** In order of preference; each match ends where a cut may stand. CJK sentences end without a space. */
const boundaries: readonly { readonly pattern: RegExp; readonly reach: number }[] = [
  { pattern: /\n[^\S\n]*\n\s*/g, reach: 0.5 },
  { pattern: /\n/g, reach: 0.5 },
  { pattern: /(?:[.!?…]["'”’)\]]*(?=\s)\s+|[。！？．｡][”’」』）》]*)/g, reach: 0.3 },
  { pattern: /\s+|[，、；：,](?=[\u3000-\u9fff\uac00-\ud7af])/g, reach: 0 },
]

/**
 * Cuts at paragraph, line, sentence, word, in that order, never inside what a reader sees as one character.
 * Loses only white space at the cuts. Each piece measures at most `max`.
 */
export function cutText(text: string, max: number, measure: Measure = utf16Length): string[] {
  if (!(max >= 1)) throw new RangeError(`cannot cut to ${max}`)
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const end = nextCut(text, from, max, measure)
    const piece = text.slice(from, end).trimEnd()
    if (piece !== '') pieces.push(piece)
    from = skipBlankLines(text, end)
  }
  return pieces
}

/** The index after the piece that starts at `from`; always beyond `from`. For renderers that cut text and marks together. */
export function nextCut(text: string, from: number, max: number, measure: Measure = utf16Length): number {
  const longest = longestFit(text, from, max, measure)
  if (longest === text.length) return longest
  const preferred = boundaryBefore(text, from, longest)
  // A weighted measure may give a shorter text more than a longer one (a half address is not an address), so it is asked again.
  if (preferred > from && measure(text.slice(from, preferred).trimEnd()) <= max) return preferred
  return graphemeBefore(text, from, longest, (end) => measure(text.slice(from, end)) <= max)
}

function longestFit(text: string, from: number, max: number, measure: Measure): number {
  const fits = (end: number) => measure(text.slice(from, end)) <= max
  let good = from
  let step = Math.max(1, Math.floor(max))
  while (good < text.length && fits(Math.min(text.length, good + step))) {
    good = Math.min(text.length, good + step)
    step *= 2
  }
  let bad = Math.min(text.length, good + step) + (good === text.length ? 1 : 0)
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (fits(middle)) good = middle
    else bad = middle
  }
  return good
}

function boundaryBefore(text: string, from: number, longest: number): number {
  // One character more, so that a space right behind the last word counts.
  const window = text.slice(from, longest + 1)
  for (const { pattern, reach } of boundaries) {
    let best = 0
    for (const match of window.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (match.index + match[0].trimEnd().length <= longest - from) best = end
    }
    if (best > 0 && best >= (longest - from) * reach) return from + best
  }
  return from
}

function graphemeBefore(text: string, from: number, longest: number, fits: (end: number) => boolean): number {
  const rest = text.slice(from)
  const clusters = graphemes.segment(rest)
  let end = clusters.containing(longest - from)?.index ?? 0
  while (end > 0 && !fits(from + end)) end = clusters.containing(end - 1)?.index ?? 0
  if (end > 0) return from + end
  // One character of many code points, longer than the limit (a pile of accents): between code points, then.
  const cut = isLowSurrogate(text, longest) ? longest - 1 : longest
  return cut > from ? cut : from + (isLowSurrogate(text, from + 1) ? 2 : 1)
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= 0xdc00 && unit <= 0xdfff
}

function skipBlankLines(text: string, from: number): number {
  const blank = /(?:[^\S\n]*\n)*/y
  blank.lastIndex = from
  return from + (blank.exec(text)?.[0].length ?? 0)
}
