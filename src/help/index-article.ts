import { parseMarkdown } from '../channel/markdown.ts'
import { plainText } from '../channel/plain-text.ts'
import { lexemesOf, plainWords, spelledWords } from '../domain/search-terms.ts'
import { type IndexedText, publishedTexts, type SearchRow, writeSearch } from '../store/article-search.ts'
import type { Queryable } from '../store/database.ts'

/** After anything that changes what of an article is public, in the same transaction. */
export async function indexArticle(tx: Queryable, articleId: string): Promise<void> {
  await writeSearch(tx, articleId, (await publishedTexts(tx, articleId)).map(searchRow))
}

export function searchRow({ articleId, locale, ...text }: IndexedText): SearchRow {
  const helping = [text.summary, ...text.phrasings, ...text.keywords].join('\n')
  const whole = [text.title, helping, plainText(parseMarkdown(text.body))].join('\n')
  return {
    articleId,
    locale,
    title: [...lexemesOf(text.title)],
    head: [...lexemesOf(helping)],
    whole: [...lexemesOf(whole)],
    plain: plainWords(whole),
    words: [...spelledWords(whole)],
  }
}
