import { publish, removeText, restoreVersion, unpublish } from '../../help/edit-article.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { listTexts, markCurrent } from '../../store/article-text.ts'
import { listVersions } from '../../store/article-version.ts'
import {
  article,
  articlePublication,
  articleTextBody,
  articleTextParams,
  articleVersion,
  articleVersionParams,
} from '../../wire/article.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idQuery } from '../api.ts'
import { articleView, versionView } from '../article-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'
import { editing, writtenBy } from './article-editing.ts'

/** An article in one language. */
export function registerArticleTexts(app: Api, deps: HttpDeps, links: FileLinks): void {
  const path = '/articles/:id/texts/:locale'
  app.put(
    path,
    {
      config: { access: 'write' },
      schema: {
        summary: 'Save what is being written; the public sees it when it is published',
        params: articleTextParams,
        body: articleTextBody,
        response: { 200: article },
      },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale } = request.params
      const { basedOn, summary = '', keywords = [], phrasings = [], ...text } = request.body
      const { save } = writtenBy(principalOf(request))
      const unique = { keywords: [...new Set(keywords)], phrasings: [...new Set(phrasings)] }
      await editing(deps, (tx) => save(tx, { ...text, articleId, locale, summary, ...unique }, basedOn))
      return articleView(deps, links, articleId)
    },
  )
  app.delete(
    path,
    {
      config: { access: 'write' },
      schema: { summary: 'Delete a language of an article', params: articleTextParams, response: { 200: article } },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale } = request.params
      await editing(deps, (tx) => removeText(tx, { articleId, locale }))
      return articleView(deps, links, articleId)
    },
  )
  registerPublishing(app, deps, links)
  registerVersions(app, deps, links)
}

function registerPublishing(app: Api, deps: HttpDeps, links: FileLinks): void {
  const path = '/articles/:id/texts/:locale'
  app.post(
    `${path}/publish`,
    {
      config: { access: 'write' },
      schema: {
        summary: 'Make it public; `minor` leaves the other languages current',
        params: articleTextParams,
        body: articlePublication,
        response: { 200: article },
      },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale } = request.params
      const { by } = writtenBy(principalOf(request))
      const { minor = false } = request.body
      await editing(deps, (tx) => publish(tx, { articleId, locale }, { minor, by }))
      return articleView(deps, links, articleId)
    },
  )
  app.post(
    `${path}/unpublish`,
    {
      config: { access: 'write' },
      schema: { summary: 'Take it from the public', params: articleTextParams, response: { 200: article } },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale } = request.params
      await editing(deps, (tx) => unpublish(tx, { articleId, locale }))
      return articleView(deps, links, articleId)
    },
  )
  app.post(
    `${path}/current`,
    {
      config: { access: 'write' },
      schema: {
        summary: 'Say that it needs no change, whatever changed elsewhere',
        params: articleTextParams,
        response: { 200: article },
      },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale } = request.params
      if (!(await markCurrent(deps.db.pool, articleId, locale))) throw notFound('This text')
      return articleView(deps, links, articleId)
    },
  )
}

function registerVersions(app: Api, deps: HttpDeps, links: FileLinks): void {
  const path = '/articles/:id/texts/:locale/versions'
  app.get(
    path,
    {
      config: { access: 'read' },
      schema: {
        summary: 'What was public, newest first',
        params: articleTextParams,
        querystring: idQuery,
        response: { 200: page(articleVersion) },
      },
    },
    async (request) => {
      const { id: articleId, locale } = request.params
      const { next, limit = 25 } = request.query
      const before = decodeIdCursor(next)
      const wish = { articleId, locale, limit: limit + 1, ...(before !== undefined && { before: Number(before) }) }
      const rows = await listVersions(deps.db.pool, wish)
      return pageOf(rows, limit, versionView, ({ number }) => ({ id: String(number) }))
    },
  )
  app.post(
    `${path}/:number/restore`,
    {
      config: { access: 'write' },
      schema: {
        summary: 'Write on from an old version; nothing is published by it',
        params: articleVersionParams,
        response: { 200: article },
      },
    },
    async (request) => {
      requireLead(request)
      const { id: articleId, locale, number } = request.params
      const { by } = writtenBy(principalOf(request))
      await editing(deps, async (tx) => {
        const now = (await listTexts(tx, articleId)).find((text) => text.locale === locale)
        if (!now) throw notFound('This text')
        await restoreVersion(tx, { articleId, locale }, { number, by, now })
      })
      return articleView(deps, links, articleId)
    },
  )
}
