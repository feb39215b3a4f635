import { addArticle, changeArticle } from '../../help/edit-article.ts'
import type { FileLinks } from '../../security/file-link.ts'
import { deleteArticle, listArticles } from '../../store/article.ts'
import { transaction } from '../../store/database.ts'
import { article, articlePatch, articleQuery, listedArticle, newArticle } from '../../wire/article.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import { articleView, listedArticleView } from '../article-view.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { decodeIdCursor, pageOf } from '../page-cursor.ts'
import { editing, writtenBy } from './article-editing.ts'
import { registerArticleFolders } from './article-folders.ts'
import { registerArticleSearch } from './article-search.ts'
import { registerArticleTexts } from './article-texts.ts'

/** Everybody reads all of it, drafts included; supervisors and administrators write. */
export function registerArticles(app: Api, deps: HttpDeps, links: FileLinks): void {
  registerArticleSearch(app, deps)
  registerArticleFolders(app, deps)
  registerReading(app, deps, links)
  registerWriting(app, deps, links)
  registerArticleTexts(app, deps, links)
}

function registerReading(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.get(
    '/articles',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Articles and the state of each of their languages',
        querystring: articleQuery,
        response: { 200: page(listedArticle) },
      },
    },
    async (request) => {
      const { category, next, limit = 100 } = request.query
      const wish = { categoryId: category, after: decodeIdCursor(next), limit: limit + 1 }
      return pageOf(await listArticles(deps.db.pool, wish), limit, listedArticleView, ({ id }) => ({ id }))
    },
  )
  app.get(
    '/articles/:id',
    {
      config: { access: 'read' },
      schema: { summary: 'One article with its texts', params: idParams, response: { 200: article } },
    },
    (request) => articleView(deps, links, request.params.id),
  )
}

function registerWriting(app: Api, deps: HttpDeps, links: FileLinks): void {
  app.post(
    '/articles',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Begin an article in one language; supervisors and administrators',
        body: newArticle,
        response: { 201: article },
      },
    },
    async (request, reply) => {
      requireLead(request)
      const { locale, title, position = 0, ...rest } = request.body
      const by = writtenBy(principalOf(request))
      const id = await editing(deps, async (tx) => {
        const articleId = await addArticle(tx, { ...rest, position })
        await by.save(tx, { articleId, locale, title, summary: '', body: '', keywords: [], phrasings: [] })
        return articleId
      })
      return reply.code(201).send(await articleView(deps, links, id))
    },
  )
  app.patch(
    '/articles/:id',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Move an article, take it away, bring it back',
        params: idParams,
        body: articlePatch,
        response: { 200: article },
      },
    },
    async (request) => {
      requireLead(request)
      await editing(deps, (tx) => changeArticle(tx, request.params.id, request.body))
      return articleView(deps, links, request.params.id)
    },
  )
  app.delete(
    '/articles/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Delete an article with all versions', params: idParams, response: noContent },
    },
    async (request, reply) => {
      requireLead(request)
      if (!(await transaction(deps.db, (tx) => deleteArticle(tx, request.params.id)))) throw notFound('This article')
      return reply.code(204).send()
    },
  )
}
