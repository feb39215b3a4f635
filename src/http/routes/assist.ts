import { sourceText } from '../../domain/bot-speech.ts'
import { handOverReason } from '../../domain/hand-over-words.ts'
import { summarise } from '../../domain/thread-summary.ts'
import { type AssistFacts, assistFacts, similarCases } from '../../store/assist.ts'
import { assist } from '../../wire/bot.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { searchHelp } from '../help-search.ts'
import { notFound } from '../http-error.ts'

const most = 3
/** Of a question; more words find less. */
const asked = 300

/** What helps whoever answers; read when they look, kept nowhere. */
export function registerAssist(app: Api, deps: HttpDeps): void {
  app.get(
    '/conversations/:id/suggestions',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Articles, replies and similar cases for whoever answers this one',
        params: idParams,
        response: { 200: assist },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const { id } = request.params
      const facts = await assistFacts(deps.db.pool, id, who)
      if (!facts) throw notFound('This conversation')
      const text = questionIn(facts.said)
      const wish = { text: text.slice(0, asked), locale: facts.language ?? undefined, limit: most, leastCovered: 0.3 }
      const [found, similar] = await Promise.all([
        text === '' ? [] : searchHelp(deps, wish),
        similarCases(deps.db.pool, id, who),
      ])
      const articles = found.map(({ id: articleId, locale, title, summary, url }) => ({
        ...{ id: articleId, locale, title, summary, url },
      }))
      const replies = articles
        .filter(({ summary }) => summary !== '')
        .map(({ id: articleId, locale, title, summary, url }) => ({
          articleId,
          text: `${summary}\n\n${sourceText({ title }, url, locale.split('-')[0] ?? 'en')}`,
        }))
      return { articles, replies, similar, summary: summarise(facts.said) }
    },
  )
}

/** What they wrote last; that they want a person is no question that an article answers. */
function questionIn(said: AssistFacts['said']): string {
  const theirs = said.filter(({ direction, text }) => direction === 'in' && text.trim() !== '')
  return (theirs.findLast(({ text }) => handOverReason(text) !== 'human') ?? theirs.at(-1))?.text ?? ''
}
