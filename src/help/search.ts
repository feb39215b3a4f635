import { quoted, type Term, termsOf } from '../domain/search-terms.ts'
import { countSearchable, type SearchHit, searchArticles, wordsLike } from '../store/article-search.ts'
import type { Queryable } from '../store/database.ts'

export interface SearchWish {
  /** As typed, a word or a whole message. */
  readonly text: string
  /** Best first. */
  readonly locales: readonly string[]
  readonly limit: number
  /** Of what was asked, by how much it tells: an article that has less of it is not shown. 0 to 1. */
  readonly leastCovered: number
}

export interface FoundArticle {
  readonly articleId: string
  readonly score: number
  /** Of what was asked, 0 to 1. */
  readonly covered: number
}

/** For a search field: half of what was asked must be there. */
export const searchCoverage = 0.5
/** For what somebody writes to people: much of it says nothing about the matter. */
export const suggestCoverage = 0.3

export async function findArticles(q: Queryable, wish: SearchWish): Promise<FoundArticle[]> {
  const { terms, phrases } = termsOf(wish.text)
  if (terms.length === 0) return []
  const [total, hits] = await Promise.all([
    countSearchable(q, wish.locales),
    searchArticles(q, { locales: wish.locales, ...queriesOf(terms), phrases }),
  ])
  const corrected = await correct(q, wish, terms, hits)
  const found = corrected
    ? await searchArticles(q, { locales: wish.locales, ...queriesOf(corrected), phrases: [] })
    : hits
  return ranked(found, { terms, total, phrases }, wish)
}

function queriesOf(terms: readonly Term[]) {
  return { exact: terms.map((term) => term.exact), loose: terms.map((term) => term.loose) }
}

/** Words that nothing was found for, replaced by what they look like; null: there are none. */
async function correct(
  q: Queryable,
  { locales }: SearchWish,
  terms: readonly Term[],
  hits: readonly SearchHit[],
): Promise<readonly Term[] | null> {
  const known = new Set(hits.flatMap((hit) => hit.fits.map((fit) => fit.term)))
  const unknown = terms.filter((term, at) => term.spelled !== undefined && !known.has(at + 1)).slice(0, 6)
  const meant = await Promise.all(
    unknown.map(async (term) => [term, await wordsLike(q, locales, term.spelled!)] as const),
  )
  const better = new Map(meant.filter(([, words]) => words.length > 0))
  if (better.size === 0) return null
  return terms.map((term) => {
    const words = better.get(term)
    if (words === undefined) return term
    const query = words.map(quoted).join(' | ')
    return { exact: query, loose: query }
  })
}

interface Asked {
  readonly terms: readonly Term[]
  readonly total: number
  readonly phrases: readonly string[]
}

/** What no article has is politeness more often than the matter; of pairs of characters most are of no word at all. */
const unknownShare = { word: 0.5, pair: 0.25 }

/** A word that few articles have tells more than one that all have. */
function ranked(hits: readonly SearchHit[], { terms, total, phrases }: Asked, wish: SearchWish): FoundArticle[] {
  const frequency = new Map<number, number>()
  for (const { fits } of hits) for (const { term } of fits) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  const worth = (term: number) => {
    const known = frequency.get(term) ?? 0
    const share = known > 0 ? 1 : unknownShare[terms[term - 1]?.loose.endsWith(':*') ? 'word' : 'pair']
    return share * Math.log(1 + total / (0.5 + known))
  }
  const asked = terms.reduce((sum, _, at) => sum + worth(at + 1), 0)
  const best = new Map<string, FoundArticle>()
  // Where the only thing asked for stands there word for word, texts with its characters elsewhere are noise.
  const literal = phrases.length === 1 && terms.length <= 5 && hits.some((hit) => hit.literal)
  for (const { articleId, locale, fits, literal: asTyped } of hits) {
    if (literal && !asTyped) continue
    const covered = fits.reduce((sum, { term }) => sum + worth(term), 0) / asked
    const place = 1 - 0.1 * Math.max(0, wish.locales.indexOf(locale))
    const fit = fits.reduce((sum, one) => sum + worth(one.term) * one.fit, 0) / asked
    const score = (fit + 0.5 * covered + (asTyped && phrases.length > 0 ? 0.3 : 0)) * place
    if (score > (best.get(articleId)?.score ?? 0)) best.set(articleId, { articleId, score, covered })
  }
  return [...best.values()]
    .filter(({ covered }) => covered >= wish.leastCovered)
    .sort((a, b) => b.score - a.score || Number(a.articleId) - Number(b.articleId))
    .slice(0, wish.limit)
}
