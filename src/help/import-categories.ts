import {
  createCategory,
  listCategories,
  lockHelpSlugs,
  slugIsTaken,
  updateCategory,
  writeCategoryTexts,
} from '../store/article-category.ts'
import type { Queryable } from '../store/database.ts'
import type { ArticleFolder, FolderCategory } from './article-folder.ts'

/** Stands for a category that the import itself would make. */
const notMade = '0'

/** Those of the folder by their address. */
export async function putCategories(
  tx: Queryable,
  { folder, dryRun }: { readonly folder: ArticleFolder; readonly dryRun: boolean },
  faults: string[],
): Promise<Map<string, string>> {
  if (!dryRun) await lockHelpSlugs(tx)
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
    if (dryRun) {
      known.set(slug, id ?? notMade)
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
