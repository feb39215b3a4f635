import { exactTerm, type Term, telling, termsOf } from '../domain/search-terms.ts'
import {
  type AskedTerm,
  knownTerms,
  type SearchHit,
  searchArticles,
  withPhrase,
  wordLike,
} from '../store/article-search.ts'
import type { Queryable } from '../store/database.ts'

export interface SearchWish {
  /** As typed, a word or a whole message. */
  readonly text: string
  /** Best first. */
  readonly locales: readonly string[]
  readonly limit: number
  /** `message`: somebody writes to people, and much of it says nothing about the matter. */
  readonly kind: 'search' | 'message'
}

export interface FoundArticle {
  readonly articleId: string
  readonly score: number
  /** Of what was asked, 0 to 1. */
  readonly covered: number
}

/** Of what was asked, by how much it tells: an article that has less of it is not shown. */
const leastCovered = { search: 0.5, message: 0.3 }

/** Looked at more closely than by their words. */
const candidates = 40

export async function findArticles(q: Queryable, wish: SearchWish): Promise<FoundArticle[]> {
  const { locales } = wish
  const { terms: all, phrases } = termsOf(wish.text)
  // Of a message so little has to be found that every word may decide.
  const terms = wish.kind === 'search' ? telling(all) : all
  if (terms.length === 0) return []
  const asked = (await spelledRight(q, locales, terms)).map(withShare)
  const inText = wish.kind === 'search'
  const hits = await searchArticles(q, { locales, terms: asked, inText, limit: candidates })
  const covered = hits.filter((hit) => hit.covered >= leastCovered[wish.kind])
  const [phrase, ...more] = phrases
  const literal = phrase !== undefined && more.length === 0 ? await withPhrase(q, covered, phrase) : new Set<string>()
  // Where the only thing asked for stands word for word, texts with its characters apart are noise.
  const only = literal.size > 0 && terms.length <= 5
  return inBestLanguage(only ? covered.filter((hit) => literal.has(hit.articleId)) : covered, literal, wish)
}

/** What no article has is politeness more often than the matter; of pairs of characters most are of no word at all. */
const shares: Readonly<Record<Term['kind'], Pick<AskedTerm, 'share' | 'unknownShare'>>> = {
  word: { share: 1, unknownShare: 0.5 },
  pair: { share: 1, unknownShare: 0.25 },
  ending: { share: 0.2, unknownShare: 0.05 },
}

function withShare(term: Term): AskedTerm {
  return { ...term, ...shares[term.kind] }
}

/** Words that no article has, replaced by what they look like. */
async function spelledRight(
  q: Queryable,
  locales: readonly string[],
  terms: readonly Term[],
): Promise<readonly Term[]> {
  if (!terms.some((term) => term.spelled !== undefined)) return terms
  const known = await knownTerms(q, locales, terms.map(withShare))
  return Promise.all(
    terms.map(async (term, at) => {
      if (term.spelled === undefined || known.has(at)) return term
      const meant = await wordLike(q, locales, term.spelled)
      return meant === null ? term : exactTerm(meant)
    }),
  )
}

function inBestLanguage(hits: readonly SearchHit[], literal: ReadonlySet<string>, wish: SearchWish): FoundArticle[] {
  const best = new Map<string, FoundArticle>()
  for (const { articleId, locale, covered, score } of hits) {
    const place = 1 - 0.1 * Math.max(0, wish.locales.indexOf(locale))
    const worth = (score + (literal.has(articleId) ? 0.3 : 0)) * place
    if (worth > (best.get(articleId)?.score ?? 0)) best.set(articleId, { articleId, score: worth, covered })
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || Number(a.articleId) - Number(b.articleId))
    .slice(0, wish.limit)
}
