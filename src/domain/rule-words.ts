/** Words in a customer's text, found as a person would find them: whole, in any case, in any width. */

/** Longer than any message of a chat; of a longer letter the beginning decides. */
export const longestText = 10_000

export interface SearchedText {
  readonly raw: string
  /** The same as words between single spaces, with one before and after. */
  readonly spaced: string
}

export function searched(text: string): SearchedText {
  const raw = folded(text.slice(0, longestText))
  return { raw, spaced: ` ${asWords(raw)} ` }
}

export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function asWords(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim()
}

// These are written without spaces between words: a word is found inside a sentence.
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const plainWord = /^[\p{L}\p{N}\p{M}\s.'’-]+\*?$/u

/** "refund*" finds "refunds" as well. What is no plain word ("c++", "$100") is found as it stands. */
export function containsWord(text: SearchedText, word: string): boolean {
  const wanted = folded(word).trim()
  if (wanted === '') return false
  if (unspaced.test(wanted) || !plainWord.test(wanted)) return text.raw.includes(wanted)
  const bare = asWords(wanted)
  if (bare === '') return text.raw.includes(wanted)
  return text.spaced.includes(wanted.endsWith('*') ? ` ${bare}` : ` ${bare} `)
}
