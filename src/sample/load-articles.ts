import { readArticleFolder } from '../help/article-folder.ts'
import { addArticle } from '../help/edit-article.ts'
import { importer } from '../help/import-articles.ts'
import { indexArticle } from '../help/index-article.ts'
import { createCategory, lockHelpSlugs, writeCategoryTexts } from '../store/article-category.ts'
import { writeText } from '../store/article-text.ts'
import { publishText } from '../store/article-version.ts'
import type { Queryable } from '../store/database.ts'

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
  const articles: string[] = []
  for (const slug of new Set(folder.texts.map((text) => text.slug))) {
    articles.push(
      await loadArticle(
        tx,
        folder.texts.filter((text) => text.slug === slug),
        categories,
      ),
    )
  }
  const titles = new Map(folder.texts.map(({ locale, slug, title }) => [`${locale} ${slug}`, title]))
  return { articles, categories: [...categories.values()], titles }
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

async function loadArticle(
  tx: Queryable,
  texts: ArticleFolder['texts'],
  categories: ReadonlyMap<string, string>,
): Promise<string> {
  const [first] = texts
  if (!first) throw new Error('An article of the sample has no text.')
  const categoryId = categories.get(first.category) ?? ''
  const articleId = await addArticle(tx, { slug: first.slug, categoryId, position: first.position ?? 0 })
  for (const { locale, title, summary, body, keywords, phrasings } of texts) {
    const place = { articleId, locale }
    await writeText(tx, { ...place, title, summary, body, keywords, phrasings, by: importer })
    await publishText(tx, place, { minor: true, by: importer })
  }
  await indexArticle(tx, articleId)
  return articleId
}
