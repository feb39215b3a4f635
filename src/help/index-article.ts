import { parseMarkdown } from '../channel/markdown.ts'
import { plainText } from '../channel/plain-text.ts'
import { lexemesOf, plainWords, spelledWords, weightedLexemes } from '../domain/search-terms.ts'
import { type IndexedText, publishedTexts, type SearchRow, writeSearch } from '../store/article-search.ts'
import type { Queryable } from '../store/database.ts'

/** After anything that changes what of an article is public, in the same transaction. */
export async function indexArticle(tx: Queryable, articleId: string): Promise<void> {
  await writeSearch(tx, articleId, (await publishedTexts(tx, articleId)).map(searchRow))
}

export function searchRow(text: IndexedText): SearchRow {
  const { articleId, locale, title, summary, keywords, phrasings } = text
  const body = plainText(parseMarkdown(text.body))
  const whole = [title, ...phrasings, ...keywords, summary, body].join('\n')
  return {
    articleId,
    locale,
    head: weightedLexemes({ A: title, B: [...phrasings, ...keywords].join('\n'), C: summary }),
    lexemes: [...lexemesOf(whole)],
    plain: plainWords(whole),
    words: [...spelledWords(whole)],
  }
}
