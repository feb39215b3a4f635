import type MiniSearch from 'minisearch'
import type { BotArticle } from './article.ts'
import { isFiller, withoutFillerSigns } from './filler-words.ts'
import { inSlices } from './in-slices.ts'
import { plainText, textUnits } from './text-units.ts'

export interface Found {
  readonly articleId: string
  /** Only to be compared with others of the same question. */
  readonly score: number
}

type Searched = Pick<BotArticle, 'id' | 'title' | 'summary' | 'body'> & { readonly phrasings: string }

export interface ArticleSearch {
  find(question: string, most: number): Found[]
}

const fields = ['title', 'summary', 'body', 'phrasings']
const boost = { title: 3, phrasings: 3, summary: 2 }

/** The articles of one language. The library is loaded with the first. */
export async function indexArticles(articles: readonly BotArticle[]): Promise<ArticleSearch> {
  const { default: Index } = await import('minisearch')
  const index: MiniSearch<Searched> = new Index({ fields, tokenize: tokens, processTerm: (term) => term })
  await inSlices(articles, (article) => index.add({ ...article, phrasings: article.phrasings.join('\n') }))
  return {
    find(question, most) {
      const found = index.search(question, { boost, prefix: isLong, fuzzy: (term) => (isLong(term) ? 0.2 : false) })
      return found.slice(0, most).map(({ id, score }) => ({ articleId: String(id), score }))
    },
  }
}

function tokens(text: string): string[] {
  // Bodies are longer than a question may be.
  return text.split('\n').flatMap((line) =>
    textUnits(withoutFillerSigns(plainText(line)))
      .map((unit) => unit.text)
      .filter((word) => !isFiller(word)),
  )
}

function isLong(term: string): boolean {
  return term.length > 3
}
