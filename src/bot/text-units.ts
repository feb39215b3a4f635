/** Longer texts say no more about what is asked; a bound on the time one answer takes. */
const longest = 1_000
const longestWord = 40

export interface TextUnit {
  readonly text: string
  /** What stays when endings go: five letters, or two signs of hangul. */
  readonly stem: string
  readonly script: 'signs' | 'hangul' | 'letters'
}

const signs = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々'
const pieces = new RegExp(`[${signs}]+|(?:(?![${signs}])[\\p{L}\\p{M}'])+|\\p{N}+`, 'gu')
const isSigns = new RegExp(`^[${signs}]`, 'u')
const isHangul = /^\p{Script=Hangul}/u

export function plainText(text: string): string {
  return text.slice(0, longest).normalize('NFKC').toLowerCase().replaceAll('’', "'")
}

/** Words and numbers; a run of Chinese or Japanese signs is one piece. */
export function textPieces(text: string): string[] {
  return (plainText(text).match(pieces) ?? []).map((piece) =>
    isSigns.test(piece) ? piece : piece.slice(0, longestWord),
  )
}

/** Words; where nothing separates words, every two neighbouring signs. */
export function textUnits(text: string): TextUnit[] {
  return textPieces(text).flatMap(unitsOf)
}

export function unitsOf(piece: string): TextUnit[] {
  if (isHangul.test(piece)) return [{ text: piece, stem: piece.slice(0, 2), script: 'hangul' }]
  if (!isSigns.test(piece)) return [{ text: piece, stem: piece.slice(0, 5), script: 'letters' }]
  const letters = [...piece]
  const pairs = letters.length === 1 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`)
  return pairs.map((pair) => ({ text: pair, stem: pair, script: 'signs' }))
}
