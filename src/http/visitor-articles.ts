import { z } from 'zod'
import { treeBlocks } from '../channel/markdown.ts'
import { localeChain } from '../domain/help-locale.ts'
import { articleTree, withHost } from '../help/article-tree.ts'
import { publicArticle } from '../store/article-public.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import { locale } from '../wire/article.ts'
import { id } from '../wire/primitive.ts'
import { visitorArticle, visitorArticles } from '../wire/visitor.ts'
import type { Api } from './api.ts'
import { searchHelp } from './help-search.ts'
import { notFound } from './http-error.ts'
import { visitedOf } from './visitor-door.ts'
import type { VisitorDeps } from './widget.ts'

/** Longer than a question needs to be. */
const question = z.string().max(500)
const articleQuery = z.strictObject({ locale })
const articlesQuery = z.strictObject({ q: question, locale })
const articleParams = z.strictObject({ inboxId: id, articleId: id })
const shown = 3

/** What may answer a visitor before they have sent it. Published articles, for everybody; what was asked is kept nowhere. */
export function registerVisitorArticles(app: Api, deps: VisitorDeps): void {
  app.get(
    '/articles',
    { schema: { querystring: articlesQuery, response: { 200: visitorArticles } } },
    async (request, reply) => {
      deps.limit('look', { inboxId: visitedOf(request).open.inboxId, ip: request.ip })
      reply.header('cache-control', 'no-store')
      const { q, locale: wanted } = request.query
      const { enabled } = await readHelpSettings(deps.db.pool)
      const hits = enabled ? await searchHelp(deps, { text: q, locale: wanted, limit: shown, kind: 'message' }) : []
      return { items: hits.map(({ id: articleId, title, summary, url }) => ({ id: articleId, title, summary, url })) }
    },
  )
  app.get(
    '/articles/:articleId',
    { schema: { params: articleParams, querystring: articleQuery, response: { 200: visitorArticle } } },
    async (request, reply) => {
      deps.limit('look', { inboxId: visitedOf(request).open.inboxId, ip: request.ip })
      const { articleId } = request.params
      const wanted = request.query.locale
      const settings = await readHelpSettings(deps.db.pool)
      const article = settings.enabled
        ? await publicArticle(deps.db.pool, { id: articleId }, localeChain(wanted, settings))
        : null
      if (!article) throw notFound('This article')
      reply.header('cache-control', 'public, max-age=60')
      const tree = withHost(articleTree(article.body, wanted), deps.publicUrl)
      return {
        id: article.id,
        title: article.title,
        locale: article.locale,
        url: `${deps.publicUrl}/help/${wanted}/${article.slug}`,
        blocks: [...treeBlocks(tree, article.body)],
      }
    },
  )
}
