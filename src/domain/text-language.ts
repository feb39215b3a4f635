type AsianLanguage = 'ja' | 'ko' | 'zh'

/** The languages of the program's own words; where two are about as likely, one of these it is. */
const spoken = ['en', 'zh', 'ja', 'ko', 'ru']

/** What tinyld tells apart in texts as short as customers'. More of them, and English is taken for Klingon. */
const known = [
  ...spoken,
  ...['es', 'pt', 'fr', 'de', 'it', 'nl', 'pl', 'cs', 'ro', 'hu', 'sv', 'fi', 'el', 'bg'],
  ...['tr', 'vi', 'id', 'th', 'hi', 'bn', 'ar', 'fa', 'he', 'uk', 'kk'],
]

/** Characters that are looked at. */
const enough = 2_000

/** How much likelier another language must be than the best of ours; tried on short questions of customers. */
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
 * Of the customer's own words, or null where they are too few to tell: nobody must be sent to the Dutch team for "fees?".
 * Limited to `among` where given. The library is loaded when a text first needs it (50 MB).
 */
export async function textLanguage(text: string, among: readonly string[] = known): Promise<string | null> {
  const script = scriptLanguage(text)
  if (script) return among.includes(script) ? script : null
  const words = withoutMarks(text)
  const cyrillic = count(words, /\p{Script=Cyrillic}/gu) > 3
  if (!cyrillic && (words.match(/\p{L}{2,}/gu) ?? []).length < 2) return null
  const { detectAll } = await import('tinyld')
  const ranked = detectAll(words, { only: [...among] })
  const [best] = ranked
  if (!best) return null
  const ours = ranked.find(({ lang }) => spoken.includes(lang))
  return ours && best.accuracy < ours.accuracy * clearly ? ours.lang : best.lang
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
