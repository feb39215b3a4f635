import { filesNamedIn } from '../domain/article-files.ts'
import { createArticle, lockArticle, type NewArticle, updateArticle } from '../store/article.ts'
import { lockHelpSlugs, slugIsTaken } from '../store/article-category.ts'
import { foreignFiles, publishFiles, rememberFiles } from '../store/article-file.ts'
import {
  deleteText,
  markCurrent,
  markOutdated,
  type TextContent,
  type WrittenText,
  writeText,
} from '../store/article-text.ts'
import { findVersion, publishedFacts, publishText, type TextPlace, unpublishText } from '../store/article-version.ts'
import type { Queryable } from '../store/database.ts'
import { indexArticle } from './index-article.ts'

/** Why nothing was changed. */
export type EditFault = 'missing' | 'taken' | 'stale' | 'foreignFile'

export class EditRefused extends Error {
  readonly fault: EditFault

  constructor(fault: EditFault) {
    super(`The article was not changed: ${fault}.`)
    this.name = 'EditRefused'
    this.fault = fault
  }
}

/** Every function here wants a transaction, and holds the article until it ends. */
async function hold(tx: Queryable, articleId: string): Promise<void> {
  if (!(await lockArticle(tx, articleId))) throw new EditRefused('missing')
}

export async function addArticle(tx: Queryable, article: NewArticle): Promise<string> {
  await lockHelpSlugs(tx)
  const taken = await Promise.all([
    slugIsTaken(tx, article.slug, 'article'),
    slugIsTaken(tx, article.slug, 'article_category'),
  ])
  if (taken.includes(true)) throw new EditRefused('taken')
  return createArticle(tx, article)
}

export async function changeArticle(
  tx: Queryable,
  articleId: string,
  changes: Parameters<typeof updateArticle>[2],
): Promise<void> {
  await hold(tx, articleId)
  if (changes.slug !== undefined) {
    await lockHelpSlugs(tx)
    if (await slugIsTaken(tx, changes.slug, 'article_category')) throw new EditRefused('taken')
  }
  await updateArticle(tx, articleId, changes)
  if (changes.archived !== undefined) await indexArticle(tx, articleId)
}

/** `owner`: whose uploads may be put into it beside those that the help centre has; null: nobody's are refused. */
export async function saveText(
  tx: Queryable,
  text: WrittenText,
  { basedOn, owner }: { readonly basedOn?: number | undefined; readonly owner: string | null },
): Promise<void> {
  await hold(tx, text.articleId)
  const named = filesNamedIn(text.body)
  if (owner !== null && (await foreignFiles(tx, named, owner)).length > 0) throw new EditRefused('foreignFile')
  if ((await writeText(tx, text, basedOn)) === null) throw new EditRefused('stale')
  await rememberFiles(tx, text, named)
  // Words to be found by take effect without being published: nobody reads them.
  await indexArticle(tx, text.articleId)
}

/**
 * What is written becomes public. A change that is not minor marks the other languages; a text that was itself behind has only
 * caught up, and marks none.
 */
export async function publish(
  tx: Queryable,
  place: TextPlace,
  { minor, by }: { readonly minor: boolean; readonly by: string },
): Promise<void> {
  await hold(tx, place.articleId)
  const before = await publishedFacts(tx, place)
  if (!before) throw new EditRefused('missing')
  if (before.changed) await publishText(tx, place, { minor, by })
  else await markCurrent(tx, place.articleId, place.locale)
  await publishFiles(tx, place, filesNamedIn(before.body))
  if (before.changed && before.wasPublished && !before.wasOutdated && !minor) {
    await markOutdated(tx, place.articleId, { except: [place.locale] })
  }
  await indexArticle(tx, place.articleId)
}

export async function unpublish(tx: Queryable, place: TextPlace): Promise<void> {
  await hold(tx, place.articleId)
  if (!(await unpublishText(tx, place))) throw new EditRefused('missing')
  await publishFiles(tx, place, [])
  await indexArticle(tx, place.articleId)
}

export async function removeText(tx: Queryable, place: TextPlace): Promise<void> {
  await hold(tx, place.articleId)
  if (!(await deleteText(tx, place.articleId, place.locale))) throw new EditRefused('missing')
  await publishFiles(tx, place, [])
  await indexArticle(tx, place.articleId)
}

/** The old words are what is being written again; nothing is published by it. */
export async function restoreVersion(
  tx: Queryable,
  place: TextPlace,
  { number, by, now }: { readonly number: number; readonly by: string; readonly now: TextContent },
): Promise<void> {
  await hold(tx, place.articleId)
  const version = await findVersion(tx, place, number)
  if (!version) throw new EditRefused('missing')
  const { title, summary, body } = version
  await writeText(tx, { ...now, ...place, title, summary, body, by })
}
