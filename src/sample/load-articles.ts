import { readArticleFolder } from '../help/article-folder.ts'
import { addArticle } from '../help/edit-article.ts'
import { importer } from '../help/import-articles.ts'
import { indexArticle } from '../help/index-article.ts'
import { createCategory, lockHelpSlugs, writeCategoryTexts } from '../store/article-category.ts'
import { writeText } from '../store/article-text.ts'
import { publishText } from '../store/article-version.ts'
import { type Queryable, together } from '../store/database.ts'

export type ArticleFolder = Awaited<ReturnType<typeof readArticleFolder>>

export interface LoadedArticles {
  readonly articles: readonly string[]
  readonly categories: readonly string[]
  /** By language and address word. */
  readonly titles: ReadonlyMap<string, string>
}

export async function readArticles(path: string): Promise<ArticleFolder> {
  const folder = await readArticleFolder(path)
  const [fault] = folder.faults
  if (fault !== undefined) throw new Error(`An article of the sample cannot be used: ${fault}`)
  return folder
}

/**
 * All of them, published, in the transaction of everything else: whoever is interrupted has nothing of the sample, and not half of
 * it. The import by folder is for articles that are written on.
 */
export async function loadArticles(tx: Queryable, folder: ArticleFolder): Promise<LoadedArticles> {
  await lockHelpSlugs(tx)
  const categories = await loadCategories(tx, folder)
  const articles = new Map<string, string>()
  for (const { slug, category, position = 0 } of folder.texts) {
    if (articles.has(slug)) continue
    articles.set(slug, await addArticle(tx, { slug, position, categoryId: categories.get(category) ?? '' }))
  }
  // Hundreds of statements, sent without waiting for each answer: else most of the time is waiting.
  await together(folder.texts.map((text) => putText(tx, articles.get(text.slug) ?? '', text)))
  // One by one: what is reckoned for all at once keeps PostgreSQL waiting longer than it may stand still.
  for (const id of articles.values()) await indexArticle(tx, id)
  const titles = new Map(folder.texts.map(({ locale, slug, title }) => [`${locale} ${slug}`, title]))
  return { articles: [...articles.values()], categories: [...categories.values()], titles }
}

async function loadCategories(tx: Queryable, { categories: given }: ArticleFolder): Promise<Map<string, string>> {
  const categories = new Map<string, string>()
  for (const slug of new Set(given.map((one) => one.slug))) {
    const texts = given.filter((one) => one.slug === slug)
    const id = await createCategory(tx, slug, texts[0]?.position ?? 0)
    await writeCategoryTexts(
      tx,
      id,
      texts.map(({ locale, name, description }) => ({ locale, name, description })),
    )
    categories.set(slug, id)
  }
  return categories
}

async function putText(tx: Queryable, articleId: string, text: ArticleFolder['texts'][number]): Promise<void> {
  const { locale, title, summary, body, keywords, phrasings } = text
  const place = { articleId, locale }
  await writeText(tx, { ...place, title, summary, body, keywords, phrasings, by: importer })
  await publishText(tx, place, { minor: true, by: importer })
}
