import { articleSearchQuery, foundArticles } from '../../wire/article.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { searchHelp } from '../help-search.ts'

export function registerArticleSearch(app: Api, deps: HttpDeps): void {
  app.get(
    '/articles/search',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Published articles by their words, the best first',
        querystring: articleSearchQuery,
        response: { 200: foundArticles },
      },
    },
    async (request) => {
      const { q, locale, limit = 10 } = request.query
      const items = await searchHelp(deps, { text: q, locale, limit })
      return { items: items.map(({ slug: _, ...item }) => item) }
    },
  )
}
