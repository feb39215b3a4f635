import { localeChain } from '../domain/help-locale.ts'
import { findArticles, type SearchWish } from '../help/search.ts'
import { type PublicTitle, publicCategories, publicTitles } from '../store/article-public.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import type { HttpDeps } from './deps.ts'

interface HelpSearch {
  readonly text: string
  /** undefined: the default language. */
  readonly locale: string | undefined
  readonly limit: number
  readonly kind?: SearchWish['kind']
}

export interface HelpHit extends Omit<PublicTitle, 'categoryId'> {
  readonly category: string
  readonly url: string
}

/** Published articles, each in the best language there is for who asks. */
export async function searchHelp(deps: Pick<HttpDeps, 'db' | 'publicUrl'>, wish: HelpSearch): Promise<HelpHit[]> {
  const { pool } = deps.db
  const settings = await readHelpSettings(pool)
  const wanted = wish.locale ?? settings.defaultLocale
  const chain = localeChain(wanted, settings)
  const { text, limit, kind = 'search' } = wish
  const found = await findArticles(pool, { text, locales: chain, limit, kind })
  if (found.length === 0) return []
  const [titles, categories] = await Promise.all([
    publicTitles(pool, chain, { ids: found.map((one) => one.articleId) }),
    publicCategories(pool, chain),
  ])
  const names = new Map(categories.map((category) => [category.id, category.name]))
  return found.flatMap(({ articleId }) => {
    const title = titles.find((one) => one.id === articleId)
    if (!title) return []
    const { categoryId, ...rest } = title
    return [{ ...rest, category: names.get(categoryId) ?? '', url: `${deps.publicUrl}/help/${wanted}/${title.slug}` }]
  })
}
