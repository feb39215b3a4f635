import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { helpFileUrl } from '../../domain/article-files.ts'
import { localeTag } from '../../domain/help-locale.ts'
import { helpWords } from '../../domain/help-words.ts'
import { articleHtml } from '../../help/article-html.ts'
import { articleTree } from '../../help/article-tree.ts'
import { filesOfArticle } from '../../store/article-file.ts'
import { publicArticle, publicCategories, publicTitles } from '../../store/article-public.ts'
import { readHelpSettings } from '../../store/help-setting.ts'
import type { HttpDeps } from '../deps.ts'
import { searchHelp } from '../help-search.ts'
import { registerHelpAssets } from './assets.ts'
import { registerContact } from './contact.ts'
import { registerFeedback } from './feedback.ts'
import { helpPolicy } from './layout.ts'
import { articlePage, categoryPage, homePage, missingPage, searchPage } from './pages.ts'
import { registerPublicFiles } from './public-files.ts'
import { registerForRobots } from './robots.ts'
import { firstLocale, type OpenSite, openSite } from './site.ts'

const hide = { schema: { hide: true } } as const
/** Seconds: a new article is there soon, a crowd is served by whatever stands in front. */
const fresh = 'public, max-age=60'

/** The help centre, for everybody: only what is published is read here. */
export function registerHelp(app: FastifyInstance, deps: HttpDeps): void {
  registerHelpAssets(app, deps)
  registerPublicFiles(app, deps)
  registerForRobots(app, deps)
  registerFeedback(app, deps)
  registerContact(app, deps)
  app.get('/help', hide, async (request, reply) => {
    const locale = await firstLocale(deps, request.headers['accept-language'])
    return reply.headers({ vary: 'Accept-Language', 'cache-control': 'no-cache' }).redirect(`/help/${locale}`, 302)
  })
  app.get('/help/:locale', hide, (request, reply) =>
    inSite(deps, request, reply, async (site) => {
      const [categories, titles] = await Promise.all([
        publicCategories(deps.db.pool, site.chain),
        publicTitles(deps.db.pool, site.chain),
      ])
      return homePage(site, categories, titles)
    }),
  )
  registerSearchPages(app, deps)
  app.get('/help/:locale/:slug', hide, (request, reply) =>
    inSite(deps, request, reply, (site) => categoryOrArticle(deps, request, site)),
  )
  app.get('/help/*', hide, (request, reply) => inSite(deps, request, reply, async () => null))
}

function registerSearchPages(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/help/:locale/search', hide, (request, reply) =>
    inSite(deps, request, reply, async (site) => {
      const text = askedIn(request)
      const hits = text === '' ? [] : await searchHelp(deps, { text, locale: site.locale, limit: 20 })
      return searchPage(site, text, hits)
    }),
  )
  app.get('/help/:locale/search.json', hide, async (request, reply) => {
    const { locale } = request.params as { locale: string }
    const text = askedIn(request)
    const open = localeTag(locale) === locale && (await readHelpSettings(deps.db.pool)).enabled
    const hits = open && text !== '' ? await searchHelp(deps, { text, locale, limit: 6 }) : []
    reply.headers({ 'cache-control': fresh, 'content-security-policy': "default-src 'none'" })
    return {
      items: hits.map(({ title, category, slug }) => ({ title, category, url: `/help/${locale}/${slug}` })),
    }
  })
}

function askedIn(request: FastifyRequest): string {
  const { q } = request.query as { q?: unknown }
  return typeof q === 'string' ? q.replaceAll('\0', '').trim().slice(0, 200) : ''
}

async function categoryOrArticle(deps: HttpDeps, request: FastifyRequest, site: OpenSite): Promise<string | null> {
  const { slug } = request.params as { slug: string }
  if (!/^[a-z0-9-]{1,100}$/.test(slug)) return null
  const categories = await publicCategories(deps.db.pool, site.chain)
  const category = categories.find((one) => one.slug === slug)
  if (category) {
    const titles = await publicTitles(deps.db.pool, site.chain, { categoryId: category.id })
    return titles.length === 0 ? null : categoryPage(site, category, titles)
  }
  const article = await publicArticle(deps.db.pool, { slug }, site.chain)
  if (!article) return null
  const files = await filesOfArticle(deps.db.pool, article.id, article.locale)
  const shown = files.map((file) => ({ id: file.id, type: file.type, url: helpFileUrl(file.id, file.name) }))
  const text = articleHtml(articleTree(article.body, site.locale), shown, helpWords(article.locale).captions)
  const { said } = request.query as { said?: unknown }
  return articlePage(site, {
    article,
    category: categories.find((one) => one.id === article.categoryId),
    text,
    said: said === 'yes' || said === 'no' ? said : null,
  })
}

type Write = (site: OpenSite) => Promise<string | null>

/** The page, or the one that says there is none, in the language of the address. */
async function inSite(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply, write: Write) {
  const { locale = '' } = request.params as { locale?: string }
  const wanted = await openSite(deps, locale)
  const page = wanted && (await write(wanted))
  reply.header('content-security-policy', helpPolicy).type('text/html; charset=utf-8')
  if (page !== null) return reply.header('cache-control', cacheOf(request)).send(page)
  const site = wanted ?? (await openSite(deps, await firstLocale(deps, request.headers['accept-language'])))
  reply.code(404).header('cache-control', 'no-store')
  return reply.send(site ? missingPage(site) : '<!doctype html><title>404</title>')
}

const cacheOf = (request: FastifyRequest) => ('said' in (request.query as object) ? 'no-store' : fresh)
