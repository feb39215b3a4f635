/** Written alike whatever was typed: full-width letters, ligatures, capitals. */
export function plainWords(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}

/** Scripts that put no space between words are cut into pairs of characters. */
const pairedRun = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}々ー]+/gu
const wordRun = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}]+)*/gu

interface Run {
  readonly text: string
  readonly paired: boolean
  readonly at: number
}

/** Longer ones are numbers, addresses and noise that nobody types from memory. */
const longestWord = 60

function runsOf(text: string): Run[] {
  const plain = plainWords(text)
  const paired = [...plain.matchAll(pairedRun)].map((m) => ({ text: m[0], paired: true, at: m.index }))
  const words = [...plain.replace(pairedRun, (run) => ' '.repeat(run.length)).matchAll(wordRun)].map((m) => ({
    text: m[0].replaceAll('’', "'").slice(0, longestWord),
    paired: false,
    at: m.index,
  }))
  return [...paired, ...words].sort((a, b) => a.at - b.at)
}

/** What a text is found by: words, pairs of characters, and the last character of a run, as no pair begins with it. */
export function lexemesOf(text: string): Set<string> {
  return new Set(runsOf(text).flatMap((run) => (run.paired ? [...pairsOf(run.text), lastOf(run.text)] : [run.text])))
}

/** Words that a typing error may hit, for looking up what was meant. */
export function spelledWords(text: string): Set<string> {
  return new Set(runsOf(text).flatMap((run) => (run.paired || !isSpelled(run.text) ? [] : [run.text])))
}

function pairsOf(run: string): string[] {
  const letters = [...run]
  return letters.slice(1).map((letter, index) => `${letters[index]}${letter}`)
}

function lastOf(run: string): string {
  return [...run].at(-1) ?? ''
}

const isSpelled = (word: string) => word.length >= 4 && /^\p{L}+$/u.test(word)

/** One thing that was asked for, as `tsquery`. */
export interface Term {
  readonly exact: string
  /** Other endings of the word, and what it may become while it is being typed. */
  readonly loose: string
  /** Two characters of a run, often of no word at all; of kana alone, mostly an ending. */
  readonly kind: 'word' | 'pair' | 'ending'
  /** A word that may be mistyped; undefined: it is none. */
  readonly spelled?: string
}

export interface Terms {
  readonly terms: readonly Term[]
  /** Runs of several pairs, as they must stand in a text that really has them. */
  readonly phrases: readonly string[]
}

/** `most`: a question is as long as a message; what comes after so many words adds time and nothing else. */
export function termsOf(asked: string, most = 24): Terms {
  const runs = runsOf(asked.slice(0, 1_000))
  const found = new Map<string, Term>()
  for (const run of runs) {
    const terms = run.paired ? pairTerms(run.text) : [wordTerm(run.text)]
    for (const term of terms) if (found.size < most) found.set(term.exact, term)
  }
  const phrases = runs.filter((run) => run.paired && run.text.length > 2).map((run) => run.text)
  return { terms: [...found.values()], phrases }
}

/** So many that say something are enough: what stands between them ("to", "my", です) is in every article and costs as much. */
const enough = 4
const between = /^'[\p{sc=Latin}\p{sc=Cyrillic}]{1,2}'$/u

export function telling(terms: readonly Term[]): readonly Term[] {
  const told = terms.filter(({ kind, exact }) => kind !== 'ending' && !between.test(exact))
  return told.length >= enough ? told : terms
}

function pairTerms(run: string): Term[] {
  const pairs = pairsOf(run)
  if (pairs.length === 0) return [{ exact: quoted(run), loose: `${quoted(run)}:*`, kind: 'word' }]
  return pairs.map((pair) => ({ ...exactTerm(pair), kind: /^\p{sc=Hiragana}+$/u.test(pair) ? 'ending' : 'pair' }))
}

/** Exactly this, and nothing that begins with it. */
export function exactTerm(text: string): Term {
  return { exact: quoted(text), loose: quoted(text), kind: 'word' }
}

function wordTerm(word: string): Term {
  const loose = `${quoted(stemOf(word))}:*`
  return { exact: quoted(word), loose, kind: 'word', ...(isSpelled(word) && { spelled: word }) }
}

/** Endings differ, beginnings do not: good enough for every language that has endings, and wrong in none. */
function stemOf(word: string): string {
  if (!/^\p{L}+$/u.test(word) || word.length < 4) return word
  if (word.length < 5) return word.replace(/s$/, '')
  return word.slice(0, word.length >= 7 ? -2 : -1)
}

function quoted(lexeme: string): string {
  return `'${lexeme.replace(/['\\]/g, (mark) => mark + mark)}'`
}
