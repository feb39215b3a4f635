import { koreanStem, koreanWords } from './korean-stem.ts'
import { russianStem } from './russian-stem.ts'

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
const startsWithSign = new RegExp(`^[${signs}]`, 'u')
const meaning = /[\p{Script=Han}\p{Script=Katakana}]/gu
const startsWithHangul = /^\p{Script=Hangul}/u
const isCyrillic = /^\p{Script=Cyrillic}/u

/** Spellings that people use for each other. */
const alike = [
  ['’', "'"],
  ['ё', 'е'],
  ['帐', '账'],
  ['登陆', '登录'],
] as const

export function plainText(text: string): string {
  const plain = text.slice(0, longest).normalize('NFKC').toLowerCase()
  return alike.reduce((result, [typed, meant]) => result.replaceAll(typed, meant), plain)
}

/** Words and numbers; a run of Chinese or Japanese signs is one piece. */
export function textPieces(text: string): string[] {
  return (plainText(text).match(pieces) ?? []).map((piece) => (isSigns(piece) ? piece : piece.slice(0, longestWord)))
}

/** Words; where nothing separates words, every two neighbouring signs. */
export function textUnits(text: string): TextUnit[] {
  return textPieces(text).flatMap(unitsOf)
}

export function unitsOf(piece: string): TextUnit[] {
  if (isHangul(piece)) return [{ text: piece, stem: piece.slice(0, 2), script: 'hangul' }]
  if (!isSigns(piece)) return [{ text: piece, stem: piece.slice(0, 5), script: 'letters' }]
  return pairsOf(piece).map((pair) => ({ text: pair, stem: pair, script: 'signs' }))
}

/** What two texts are compared by: beginnings of stems, pairs of signs, and signs that have a meaning of their own. */
export function traitsOf(piece: string): string[] {
  if (isHangul(piece)) return koreanWords(piece).flatMap((word) => pairsOf(koreanStem(word)))
  if (isSigns(piece)) return [...pairsOf(piece), ...(piece.match(meaning) ?? [])]
  return [wordStem(piece).slice(0, 5)]
}

/** What stays of a word whose ending goes. */
export function wordStem(word: string): string {
  return isCyrillic.test(word) ? russianStem(word) : word
}

function pairsOf(piece: string): string[] {
  const letters = [...piece]
  return letters.length === 1 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`)
}

export function isSigns(piece: string): boolean {
  return startsWithSign.test(piece)
}

export function isHangul(piece: string): boolean {
  return startsWithHangul.test(piece)
}
