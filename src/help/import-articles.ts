import { filesNamedIn } from '../domain/article-files.ts'
import { createArticle, findArticleBySlug, updateArticle } from '../store/article.ts'
import { slugIsTaken } from '../store/article-category.ts'
import { foreignFiles } from '../store/article-file.ts'
import { listTexts, markOutdated, type TextRow } from '../store/article-text.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import type { ArticleFolder, FolderText } from './article-folder.ts'
import { EditRefused, publish, saveText } from './edit-article.ts'
import { UnusableFile } from './front-matter.ts'
import { putCategories } from './import-categories.ts'
import { type FileTaker, takeFiles } from './import-files.ts'

export type Done = 'added' | 'changed' | 'unchanged'

export interface ImportedText {
  /** In the folder. */
  readonly path: string
  readonly locale: string
  readonly title: string
  readonly done: Done
}

export interface Imported {
  readonly texts: readonly ImportedText[]
  readonly faults: readonly string[]
}

export interface ImportWish {
  readonly folder: ArticleFolder
  /** Nothing becomes public by it. */
  readonly asDrafts: boolean
  /** Says what it would do, and does nothing of it. */
  readonly dryRun?: boolean
  readonly files: FileTaker
}

/** Whose files they are, and whose words. */
export const importer = 'import'

/** Doing it again changes nothing. Articles that are not in the folder stay as they are. */
export async function importArticles(db: Database, wish: ImportWish): Promise<Imported> {
  const { texts } = wish.folder
  const faults = [...wish.folder.faults]
  const all: ImportedText[] = []
  const categories = await transaction(db, (tx) =>
    putCategories(tx, { folder: wish.folder, dryRun: wish.dryRun ?? false }, faults),
  )
  for (const slug of new Set(texts.map((text) => text.slug))) {
    const own = texts.filter((text) => text.slug === slug)
    try {
      const ready = await Promise.all(own.map((text) => takeFiles(wish.files, wish.folder, text)))
      const put = wish.dryRun ? lookAtArticle : putArticle
      const done = await transaction(db, (tx) => put(tx, ready, { ...wish, categories }))
      for (const { path, locale, title } of ready) {
        all.push({ path, locale, title, done: done.get(locale) ?? 'unchanged' })
      }
    } catch (error) {
      if (!(error instanceof UnusableFile) && !(error instanceof EditRefused)) throw error
      faults.push(`${own[0]?.path}: ${error instanceof EditRefused ? refusals[error.fault] : error.message}`)
    }
  }
  return { texts: all, faults }
}

const refusals = {
  missing: 'it was deleted meanwhile',
  taken: 'another page of the help centre has this address',
  stale: 'somebody saved it meanwhile',
  foreignFile: 'it names a file that does not belong to the help centre',
}

interface PutContext {
  readonly categories: ReadonlyMap<string, string>
  readonly asDrafts: boolean
}

/** Where an article would go; throws where it cannot. */
async function placeOf(tx: Queryable, texts: readonly FolderText[], { categories }: PutContext) {
  const [first] = texts
  if (!first) throw new UnusableFile('has no text')
  const elsewhere = texts.find((text) => text.category !== first.category)
  if (elsewhere) throw new UnusableFile(`is in another category than ${elsewhere.path}`)
  const categoryId = categories.get(first.category)
  if (categoryId === undefined) throw new UnusableFile('its category could not be made')
  const found = await findArticleBySlug(tx, first.slug)
  if (found === null && (await slugIsTaken(tx, first.slug, 'article_category'))) throw new EditRefused('taken')
  return { slug: first.slug, categoryId, found, position: texts.find((text) => text.position !== undefined)?.position }
}

async function putArticle(
  tx: Queryable,
  texts: readonly FolderText[],
  context: PutContext,
): Promise<Map<string, Done>> {
  const { slug, categoryId, found, position } = await placeOf(tx, texts, context)
  const articleId = found ?? (await createArticle(tx, { slug, categoryId, position: position ?? 0 }))
  if (found !== null) await updateArticle(tx, articleId, { categoryId, position })
  const before = await listTexts(tx, articleId)
  const done = new Map<string, Done>()
  for (const text of texts) done.set(text.locale, await putText(tx, articleId, text, { ...context, before }))
  await markTheRest(tx, articleId, before, done)
  return done
}

/** What `putArticle` would do. */
async function lookAtArticle(
  tx: Queryable,
  texts: readonly FolderText[],
  context: PutContext,
): Promise<Map<string, Done>> {
  const { found } = await placeOf(tx, texts, context)
  const before = found === null ? [] : await listTexts(tx, found)
  const done = new Map(texts.map((text) => [text.locale, doneTo(text, { ...context, before })] as const))
  for (const text of texts) {
    if (done.get(text.locale) === 'unchanged') continue
    if ((await foreignFiles(tx, filesNamedIn(text.body), importer)).length > 0) throw new EditRefused('foreignFile')
  }
  return done
}

type BesideText = Pick<PutContext, 'asDrafts'> & { readonly before: readonly TextRow[] }

function doneTo(text: FolderText, { before, asDrafts }: BesideText): Done {
  const old = before.find((one) => one.locale === text.locale)
  if (old === undefined) return 'added'
  const asItIs = asDrafts || text.draft === 'true' || (old.state !== 'draft' && !old.changed)
  return asItIs && sameContent(old, text) ? 'unchanged' : 'changed'
}

async function putText(tx: Queryable, articleId: string, text: FolderText, beside: BesideText): Promise<Done> {
  const { locale, title, summary, body, keywords, phrasings } = text
  const done = doneTo(text, beside)
  if (done === 'unchanged') return done
  const content = { title, summary, body, keywords, phrasings }
  await saveText(tx, { ...content, articleId, locale, by: importer }, { owner: importer })
  // Which languages are behind is decided once all of them are there.
  if (!beside.asDrafts && text.draft !== 'true') await publish(tx, { articleId, locale }, { minor: true, by: importer })
  return done
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
