import type { FastifyInstance } from 'fastify'
import { type PublicPage, publicPages } from '../../store/article-public.ts'
import { readHelpSettings } from '../../store/help-setting.ts'
import type { HttpDeps } from '../deps.ts'
import { esc } from './layout.ts'

/** Of all our pages search engines are to read the help centre alone. */
export function registerForRobots(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/robots.txt', { schema: { hide: true } }, async (_request, reply) => {
    const lines = ['User-agent: *', 'Allow: /help', 'Disallow: /', '', `Sitemap: ${deps.publicUrl}/help/sitemap.xml`]
    return reply
      .header('cache-control', 'public, max-age=3600')
      .type('text/plain; charset=utf-8')
      .send(`${lines.join('\n')}\n`)
  })
  app.get('/help/sitemap.xml', { schema: { hide: true } }, async (_request, reply) => {
    const { enabled } = await readHelpSettings(deps.db.pool)
    const pages = enabled ? await publicPages(deps.db.pool) : []
    reply.headers({ 'cache-control': 'public, max-age=600', 'content-security-policy': "default-src 'none'" })
    return reply.type('application/xml; charset=utf-8').send(sitemap(deps.publicUrl, pages))
  })
}

function sitemap(publicUrl: string, pages: readonly PublicPage[]): string {
  const bySlug = new Map<string, PublicPage[]>()
  for (const page of pages) bySlug.set(page.slug, [...(bySlug.get(page.slug) ?? []), page])
  const at = ({ locale, slug }: PublicPage) => esc(encodeURI(`${publicUrl}/help/${locale}/${slug}`))
  const homes = [...new Set(pages.map((page) => page.locale))].map(
    (locale) => `<url><loc>${esc(`${publicUrl}/help/${locale}`)}</loc></url>`,
  )
  const urls = pages.map((page) => {
    const others = (bySlug.get(page.slug) ?? []).map(
      (one) => `<xhtml:link rel="alternate" hreflang="${esc(one.locale)}" href="${at(one)}"/>`,
    )
    return `<url><loc>${at(page)}</loc><lastmod>${page.publishedAt.toISOString()}</lastmod>${others.join('')}</url>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${[...homes, ...urls].join('\n')}
</urlset>
`
}
