import { createArticle, findArticleBySlug, updateArticle } from '../store/article.ts'
import {
  createCategory,
  listCategories,
  lockHelpSlugs,
  slugIsTaken,
  updateCategory,
  writeCategoryTexts,
} from '../store/article-category.ts'
import { listTexts, markOutdated, type TextRow } from '../store/article-text.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import type { ArticleFolder, FolderCategory, FolderText } from './article-folder.ts'
import { EditRefused, publish, saveText } from './edit-article.ts'
import { UnusableFile } from './front-matter.ts'
import { type FileTaker, takeFiles } from './import-files.ts'

export interface Imported {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly faults: readonly string[]
}

export interface ImportWish {
  readonly folder: ArticleFolder
  /** Nothing becomes public by it. */
  readonly asDrafts: boolean
  readonly files: FileTaker
}

/** Whose files they are, and whose words. */
export const importer = 'import'

/** Doing it again changes nothing. Articles that are not in the folder stay as they are. */
export async function importArticles(db: Database, wish: ImportWish): Promise<Imported> {
  const { texts } = wish.folder
  const faults = [...wish.folder.faults]
  const count = { added: 0, changed: 0, unchanged: 0 }
  const categories = await transaction(db, (tx) => putCategories(tx, wish.folder, faults))
  for (const slug of new Set(texts.map((text) => text.slug))) {
    const own = texts.filter((text) => text.slug === slug)
    try {
      const ready = await Promise.all(own.map((text) => takeFiles(wish.files, wish.folder, text)))
      const done = await transaction(db, (tx) => putArticle(tx, ready, { ...wish, categories }))
      for (const one of done) count[one] += 1
    } catch (error) {
      if (!(error instanceof UnusableFile) && !(error instanceof EditRefused)) throw error
      faults.push(`${own[0]?.path}: ${error instanceof EditRefused ? refusals[error.fault] : error.message}`)
    }
  }
  return { ...count, faults }
}

const refusals = {
  missing: 'it was deleted meanwhile',
  taken: 'another page of the help centre has this address',
  stale: 'somebody saved it meanwhile',
  foreignFile: 'it names a file that does not belong to the help centre',
}

/** Those of the folder by their address. */
async function putCategories(tx: Queryable, folder: ArticleFolder, faults: string[]): Promise<Map<string, string>> {
  await lockHelpSlugs(tx)
  const known = new Map((await listCategories(tx)).map((one) => [one.slug, one.id]))
  const slugs = new Set([...folder.categories.map((one) => one.slug), ...folder.texts.map((text) => text.category)])
  for (const slug of slugs) {
    const texts = folder.categories.filter((one) => one.slug === slug)
    const position = texts.find((one) => one.position !== undefined)?.position
    const id = known.get(slug)
    if (id === undefined && (await slugIsTaken(tx, slug, 'article'))) {
      faults.push(`${slug}: an article has this address`)
      continue
    }
    const made = id ?? (await createCategory(tx, slug, position ?? 0))
    if (id !== undefined) await updateCategory(tx, id, { position })
    await writeCategoryTexts(tx, made, namesOf(folder, slug, texts))
    known.set(slug, made)
  }
  return known
}

/** A folder without a name of its own is called like its address, where there is no category yet. */
function namesOf(folder: ArticleFolder, slug: string, texts: readonly FolderCategory[]) {
  if (texts.length > 0) return texts.map(({ locale, name, description }) => ({ locale, name, description }))
  const locales = new Set(folder.texts.filter((text) => text.category === slug).map((text) => text.locale))
  const name = slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ')
  return [...locales].map((locale) => ({ locale, name, description: '' }))
}

interface PutContext {
  readonly categories: ReadonlyMap<string, string>
  readonly asDrafts: boolean
}

type Done = 'added' | 'changed' | 'unchanged'

async function putArticle(tx: Queryable, texts: readonly FolderText[], context: PutContext): Promise<Done[]> {
  const [first] = texts
  if (!first) return []
  const elsewhere = texts.find((text) => text.category !== first.category)
  if (elsewhere) throw new UnusableFile(`is in another category than ${elsewhere.path}`)
  const categoryId = context.categories.get(first.category)
  if (categoryId === undefined) throw new UnusableFile('its category could not be made')
  const position = texts.find((text) => text.position !== undefined)?.position
  const found = await findArticleBySlug(tx, first.slug)
  if (found === null && (await slugIsTaken(tx, first.slug, 'article_category'))) throw new EditRefused('taken')
  const articleId = found ?? (await createArticle(tx, { slug: first.slug, categoryId, position: position ?? 0 }))
  if (found !== null) await updateArticle(tx, articleId, { categoryId, position })
  const before = await listTexts(tx, articleId)
  const done = new Map<string, Done>()
  for (const text of texts) done.set(text.locale, await putText(tx, articleId, text, { ...context, before }))
  await markTheRest(tx, articleId, before, done)
  return [...done.values()]
}

async function putText(
  tx: Queryable,
  articleId: string,
  text: FolderText,
  { before, asDrafts }: PutContext & { readonly before: readonly TextRow[] },
): Promise<Done> {
  const { locale, title, summary, body, keywords, phrasings } = text
  const old = before.find((one) => one.locale === locale)
  const isDraft = asDrafts || text.draft === 'true'
  const content = { title, summary, body, keywords, phrasings }
  const same = old !== undefined && sameContent(old, content) && (isDraft || (old.state !== 'draft' && !old.changed))
  if (same) return 'unchanged'
  await saveText(tx, { ...content, articleId, locale, by: importer }, { owner: importer })
  // Which languages are behind is decided once all of them are there.
  if (!isDraft) await publish(tx, { articleId, locale }, { minor: true, by: importer })
  return old === undefined ? 'added' : 'changed'
}

function sameContent(
  old: TextRow,
  now: Pick<TextRow, 'title' | 'summary' | 'body' | 'keywords' | 'phrasings'>,
): boolean {
  const facts = ({ title, summary, body, keywords, phrasings }: typeof now) =>
    JSON.stringify([title, summary, body, keywords, phrasings])
  return facts(old) === facts(now)
}

/** A text that did not change while another did is behind, as after an edit by hand. */
async function markTheRest(
  tx: Queryable,
  articleId: string,
  before: readonly TextRow[],
  done: ReadonlyMap<string, Done>,
): Promise<void> {
  const moved = [...done].filter(([, what]) => what !== 'unchanged').map(([locale]) => locale)
  const rewritten = before.filter((old) => done.get(old.locale) === 'changed' && !old.outdated)
  if (rewritten.length > 0) await markOutdated(tx, articleId, { except: moved })
}
