import { botQuality } from '../../store/bot-quality.ts'
import { listTurns, type TurnRow, turnsOf } from '../../store/bot-turn-list.ts'
import {
  type BotSpan,
  type BotTurn,
  botQuality as botQualityView,
  botSpan,
  botTurn,
  botTurnQuery,
  listedBotTurn,
} from '../../wire/bot.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'

const dayMs = 24 * 3_600_000
const usualDays = 30
const usualLimit = 50

/** How well the bot does, number by number, and what is behind each. */
export function registerBotQuality(app: Api, { db, clock }: HttpDeps): void {
  const lookOf = ({ from, to, days = usualDays, inbox, language, article }: BotSpan) => {
    const until = to === undefined ? clock() : new Date(to)
    const since = from === undefined ? new Date(until.getTime() - days * dayMs) : new Date(from)
    return { since, until, inboxId: inbox, language, articleId: article }
  }
  app.get(
    '/bot/quality',
    {
      config: { access: 'read' },
      schema: {
        summary: 'What became of what the bot was asked',
        querystring: botSpan,
        response: { 200: botQualityView },
      },
    },
    (request) => botQuality(db.pool, { ...lookOf(request.query), who: principalOf(request) }),
  )
  app.get(
    '/bot/turns',
    {
      config: { access: 'read' },
      schema: {
        summary: 'What a number of the bot’s quality counts, newest first',
        querystring: botTurnQuery,
        response: { 200: page(listedBotTurn) },
      },
    },
    async (request) => {
      const { what = 'asked', reason, next, limit = usualLimit, ...span } = request.query
      const look = { ...lookOf(span), who: principalOf(request) }
      const rows = await listTurns(db.pool, look, { what, reason, before: next, limit: limit + 1 })
      const items = rows.slice(0, limit).map((row) => {
        const { conversationId, number, inboxId, language, asked } = row
        return { ...viewOf(row), conversationId, number, inboxId, language, asked }
      })
      return { items, next: rows.length > limit ? (items.at(-1)?.messageId ?? null) : null }
    },
  )
  app.get(
    '/conversations/:id/bot',
    {
      config: { access: 'read' },
      schema: {
        summary: 'What the bot did in a conversation, and why, oldest first',
        params: idParams,
        response: { 200: page(botTurn) },
      },
    },
    async (request) => {
      const rows = await turnsOf(db.pool, request.params.id, principalOf(request))
      if (!rows) throw notFound('This conversation')
      return { items: rows.map(viewOf), next: null }
    },
  )
}

function viewOf(row: TurnRow): BotTurn {
  const { messageId, replyId, outcome, reason, chosen, offered, confidence, phrasing, wrong } = row
  const article = row.title === null ? null : { id: row.articleId, title: row.title }
  const createdAt = row.createdAt.toISOString()
  return { messageId, replyId, outcome, reason, article, chosen, offered, confidence, phrasing, wrong, createdAt }
}
