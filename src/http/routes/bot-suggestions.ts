import { actorOf, type Principal } from '../../domain/principal.ts'
import { addArticle, saveText } from '../../help/edit-article.ts'
import { indexArticle } from '../../help/index-article.ts'
import { firstCategory } from '../../store/article-category.ts'
import {
  addPhrasing,
  decideSuggestion,
  listSuggestions,
  reopenSuggestion,
  type SuggestionRow,
  takeSuggestion,
} from '../../store/bot-suggestion.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import { acceptBody, acceptedSuggestion, type BotSuggestion, botSuggestion } from '../../wire/bot.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

const most = 200
const longestTitle = 100

/** What people answered where the bot could not: somebody reads each before it becomes anything. */
export function registerBotSuggestions(app: Api, { db }: HttpDeps): void {
  app.get(
    '/bot/suggestions',
    {
      config: { access: 'read' },
      schema: { summary: 'What the bot could learn, newest first', response: { 200: page(botSuggestion) } },
    },
    async (request) => {
      requireLead(request)
      const rows = await listSuggestions(db.pool, principalOf(request).inboxIds, most)
      return { items: rows.map(viewOf), next: null }
    },
  )
  app.post(
    '/bot/suggestions/:id/accept',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Add the phrasing, or begin an article with the answer; nothing is published',
        params: idParams,
        body: acceptBody,
        response: { 200: acceptedSuggestion },
      },
    },
    async (request) => {
      requireLead(request)
      const who = principalOf(request)
      const wish = { id: request.params.id, phrasing: request.body?.phrasing }
      return { articleId: await transaction(db, (tx) => accept(tx, wish, who)) }
    },
  )
  app.post(
    '/bot/suggestions/:id/dismiss',
    {
      config: { access: 'write' },
      schema: { summary: 'Not worth learning', params: idParams, response: noContent },
    },
    async (request, reply) => {
      requireLead(request)
      const who = principalOf(request)
      await transaction(db, async (tx) => {
        if (!(await takeSuggestion(tx, request.params.id, who.inboxIds))) throw notFound('This suggestion')
        await decideSuggestion(tx, request.params.id, { state: 'dismissed', by: actorOf(who) })
      })
      return reply.code(204).send()
    },
  )
  app.post(
    '/bot/suggestions/:id/reopen',
    {
      config: { access: 'write' },
      schema: {
        summary: 'As if nobody had decided: dismissed is open again, and a phrasing is out of its article',
        params: idParams,
        response: noContent,
      },
    },
    async (request, reply) => {
      requireLead(request)
      await transaction(db, (tx) => reopen(tx, request.params.id, principalOf(request)))
      return reply.code(204).send()
    },
  )
}

interface Acceptance {
  readonly id: string
  /** In other words than the customer's. */
  readonly phrasing: string | undefined
}

async function accept(tx: Queryable, { id, phrasing: put }: Acceptance, who: Principal): Promise<string> {
  const row = await takeSuggestion(tx, id, who.inboxIds)
  if (!row) throw notFound('This suggestion')
  const by = actorOf(who)
  if (row.kind === 'draft') {
    const articleId = await begin(tx, row, by)
    await decideSuggestion(tx, id, { state: 'accepted', by })
    return articleId
  }
  const phrasing = (put ?? row.asked)?.replace(/\s+/g, ' ').trim().slice(0, 200)
  if (row.articleId === null || !phrasing) throw notFound('This suggestion')
  if (!(await addPhrasing(tx, { articleId: row.articleId, locale: row.locale }, phrasing))) {
    throw new HttpError(409, 'noSuchText', 'The article is not written in this language.')
  }
  await indexArticle(tx, row.articleId)
  await decideSuggestion(tx, id, { state: 'accepted', by, phrasing })
  return row.articleId
}

async function reopen(tx: Queryable, id: string, who: Principal): Promise<void> {
  const articleId = await reopenSuggestion(tx, id, who.inboxIds)
  if (articleId === undefined) throw notFound('This suggestion')
  if (articleId !== null) await indexArticle(tx, articleId)
}

/** The agent's own words, for somebody to finish. The customer's stay where they are. */
async function begin(tx: Queryable, { id, answered, locale }: SuggestionRow, by: string): Promise<string> {
  const categoryId = await firstCategory(tx)
  if (categoryId === null) throw new HttpError(409, 'noCategory', 'The help centre has no category yet.')
  const articleId = await addArticle(tx, { slug: `draft-${id}`, categoryId, position: 0 })
  const title = answered.split('\n')[0]?.trim().slice(0, longestTitle) || `Draft ${id}`
  const text = { articleId, locale, title, summary: '', body: answered, keywords: [], phrasings: [], by }
  await saveText(tx, text, { owner: null })
  return articleId
}

function viewOf({ articleId, articleTitle, createdAt, ...row }: SuggestionRow): BotSuggestion {
  const article = articleId === null ? null : { id: articleId, title: articleTitle ?? '' }
  return { ...row, article, createdAt: createdAt.toISOString() }
}
