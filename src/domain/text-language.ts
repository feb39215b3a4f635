type AsianLanguage = 'ja' | 'ko' | 'zh'

/** Languages that share a script with others, by script; the first is meant where the desk speaks none of them. What stands nowhere is Latin. */
const scripts = [
  { letters: /\p{Script=Cyrillic}/gu, languages: ['ru', 'uk', 'bg', 'be', 'kk', 'sr', 'mk', 'mn', 'ky', 'tg'] },
  { letters: /\p{Script=Arabic}/gu, languages: ['ar', 'fa', 'ur'] },
  { letters: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr', 'ne'] },
  { letters: /\p{Script=Hebrew}/gu, languages: ['he', 'yi'] },
  { letters: /\p{Script=Greek}/gu, languages: ['el'] },
  { letters: /\p{Script=Thai}/gu, languages: ['th'] },
  { letters: /\p{Script=Bengali}/gu, languages: ['bn'] },
]
const notLatin = new Set(['ja', 'ko', 'zh', ...scripts.flatMap(({ languages }) => languages)])

/** How likely a text is of each of these languages, likeliest first. */
export type Detect = (text: string, among: readonly string[]) => readonly { lang: string; accuracy: number }[]

export interface SpokenHere {
  /** 'en', without regions: what agents speak and articles are written in. */
  readonly languages: readonly string[]
  /** null: not loaded, or not needed. */
  readonly detect: Detect | null
}

/** Characters that are looked at. */
const enough = 2_000
/** Of each other's letters that a word borrowed, a name or an address makes up. */
const borrowed = 3

/** How much likelier the first of two languages must be than the second; tried on short questions of customers. */
const clearly = 1.5

/** By letters alone. Japanese written wholly in Chinese characters is taken for Chinese. */
export function scriptLanguage(text: string): AsianLanguage | null {
  const words = withoutMarks(text)
  const kana = count(words, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu)
  const hangul = count(words, /\p{Script=Hangul}/gu)
  const han = count(words, /\p{Script=Han}/gu)
  const others = count(words, /\p{L}/gu) - kana - hangul - han
  // One such sign says about as much as three letters: "KYC 인증 실패 USDT" is Korean, a quoted "人工" is not Chinese.
  const signs = kana + hangul + han
  if (signs === 0 || signs * 3 < others) return null
  if (hangul * 2 >= signs) return 'ko'
  // Chinese has a borrowed の here and there; Japanese has kana in every clause.
  return kana * 8 >= kana + han ? 'ja' : 'zh'
}

/**
 * Of the customer's own words, or null where they are too few or could be of several: nobody must be sent to the Dutch team for
 * "fees?". Only languages that are spoken here are thought of, but for what the letters alone say.
 */
export function textLanguage(text: string, { languages, detect }: SpokenHere): string | null {
  const asian = scriptLanguage(text)
  if (asian) return asian
  const words = withoutMarks(text)
  const script = scripts.find(({ letters }) => count(words, letters) > borrowed)
  if (script) {
    const ours = languages.filter((one) => script.languages.includes(one))
    return ours.length > 1 ? likeliest(words, ours, detect) : (ours[0] ?? script.languages[0] ?? null)
  }
  if ((words.match(/\p{L}{2,}/gu) ?? []).length < 2) return null
  const ours = languages.filter((one) => !notLatin.has(one))
  return ours.length > 1 ? likeliest(words, ours, detect) : (ours[0] ?? null)
}

function likeliest(words: string, among: readonly string[], detect: Detect | null): string | null {
  const [best, second] = detect?.(words, among) ?? []
  return best && (!second || best.accuracy >= second.accuracy * clearly) ? best.lang : null
}

/** Whether some script has more than one of these: only then is a text's language more than its letters. */
export function needsDetecting(languages: readonly string[]): boolean {
  const counts = [...scripts.map((script) => script.languages), null].map(
    (own) => languages.filter((one) => (own ? own.includes(one) : !notLatin.has(one))).length,
  )
  return counts.some((some) => some > 1)
}

/** Whether a text may be of this language, by its letters. */
export function fitsScript(text: string, language: string): boolean {
  const asian = scriptLanguage(text)
  if (asian) return asian === language
  const words = withoutMarks(text)
  const script = scripts.find(({ letters }) => count(words, letters) > borrowed)
  return script ? script.languages.includes(language) : !notLatin.has(language)
}

/** Other letters were only borrowed, Latin ones were a guess: who was taken for English and goes on in Chinese is Chinese. */
export function disprovesGuess(text: string, language: string): boolean {
  return !notLatin.has(language) && !fitsScript(text, language)
}

/** Addresses, names with @, hashes and numbers speak no language. */
function withoutMarks(text: string): string {
  return text
    .slice(0, enough)
    .normalize('NFKC')
    .split(/\s+/)
    .filter((word) => !word.includes('@') && !word.includes('://') && !/^(?=\D*\d)[\w-]+$/.test(word))
    .join(' ')
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
