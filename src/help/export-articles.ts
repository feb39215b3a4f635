import { withFileAddresses } from '../domain/article-files.ts'
import { listArticles } from '../store/article.ts'
import { listCategories } from '../store/article-category.ts'
import { filesOfArticle } from '../store/article-file.ts'
import { listTexts, type TextRow } from '../store/article-text.ts'
import { listVersions } from '../store/article-version.ts'
import type { Queryable } from '../store/database.ts'
import type { FileRow } from '../store/file.ts'
import { written } from './front-matter.ts'
import { folderFileAddress, folderFileName } from './import-files.ts'

/** Below the folder that is written. */
export type Exported =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly file: FileRow }

/** Articles that are not archived, as they are public; what never was, as a draft. Importing it gives the same again. */
export async function* exportArticles(q: Queryable): AsyncGenerator<Exported> {
  const categories = await listCategories(q)
  for (const { slug, position, texts } of categories) {
    for (const { locale, name, description } of texts) {
      const text = await written({ name, description, position: position || undefined }, '')
      yield { path: `${locale}/${slug}/_category.md`, text }
    }
  }
  const slugs = new Map(categories.map((category) => [category.id, category.slug]))
  for (let after = '0'; ; ) {
    const page = await listArticles(q, { after, limit: 200 })
    for (const article of page) if (!article.archived) yield* one(q, article, slugs.get(article.categoryId) ?? '')
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

interface Told {
  readonly id: string
  readonly slug: string
  readonly position: number
}

async function* one(q: Queryable, article: Told, category: string): AsyncGenerator<Exported> {
  const files = new Map((await filesOfArticle(q, article.id, null)).map((file) => [file.id, file]))
  const used = new Map<string, FileRow>()
  for (const text of await listTexts(q, article.id)) {
    const { title, summary, body } = await publicContent(q, article.id, text)
    const portable = withFileAddresses(body, (id, whole) => {
      const file = files.get(id)
      if (!file) return whole
      used.set(id, file)
      return folderFileAddress(folderFileName(file.sha256, file.name))
    })
    const head = {
      title,
      summary,
      position: article.position || undefined,
      phrasings: text.phrasings,
      keywords: text.keywords,
      draft: text.state === 'draft' ? true : undefined,
    }
    yield { path: `${text.locale}/${category}/${article.slug}.md`, text: await written(head, portable) }
  }
  for (const file of used.values()) yield { path: `files/${folderFileName(file.sha256, file.name)}`, file }
}

async function publicContent(q: Queryable, articleId: string, text: TextRow) {
  if (text.state === 'draft' || !text.changed) return text
  const versions = await listVersions(q, { articleId, locale: text.locale, limit: 100 })
  return versions.find((version) => version.current) ?? text
}
