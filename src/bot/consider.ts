import { chosenOf, noneFits, type OfferedChoice } from '../domain/bot-choice.ts'
import { answerText, labelOf, sourceText } from '../domain/bot-speech.ts'
import { type BotGaveUp, botWords } from '../domain/bot-words.ts'
import { isThanks } from '../domain/conversation.ts'
import { handOverReason } from '../domain/hand-over-words.ts'
import { fitsScript, scriptLanguage } from '../domain/text-language.ts'
import type { BotCase, PastTurn } from '../store/bot-case.ts'
import type { BotSaying } from '../store/bot-turn.ts'
import { languageOf } from './article.ts'
import type { Because, Decision } from './decide.ts'
import type { Draft } from './endpoint.ts'
import type { Known } from './knowledge.ts'

export type Plan =
  | { readonly do: 'say'; readonly text: string; readonly choices?: readonly OfferedChoice[]; readonly turn: BotSaying }
  | { readonly do: 'handOver'; readonly reason: BotGaveUp }
  /** Nothing is asked. */
  | { readonly do: 'nothing' }

/** In which the customer is spoken to. */
export function spokenTo({ language, text }: Pick<BotCase, 'language' | 'text'>): string {
  return languageOf(language ?? scriptLanguage(text) ?? 'en')
}

/** Where nobody can tell the language, what there is to say decides: of a language that their letters fit, English first. */
function readBy(asked: BotCase, known: Known | null): string {
  const language = spokenTo(asked)
  if (asked.language !== null || !known || known.languages.has(language)) return language
  return [...known.languages].sort().find((one) => fitsScript(asked.text, one)) ?? language
}

/** What to do with one message; nothing is written and nothing said. */
export async function consider(asked: BotCase, known: Known | null, helped?: Helped): Promise<Plan> {
  const { past, text } = asked
  const offered = lastOffer(past)
  const chosen = chosenOf(offered, text)
  if (chosen === null && asked.underErasure) return { do: 'nothing' }
  // Before anything else: who is in need, or angry, is not offered articles about files.
  const grave = handOverReason(wholeText(asked))
  if (grave !== null && chosen === null) return { do: 'handOver', reason: grave }
  if (chosen?.id === noneFits) return { do: 'handOver', reason: 'noneFits' }
  if (asked.hasFiles) return { do: 'handOver', reason: 'files' }
  if (chosen === null && isThanks(text)) return { do: 'nothing' }
  const language = readBy(asked, known)
  if (known === null) return { do: 'handOver', reason: 'nothingFound' }
  if (!known.languages.has(language)) return { do: 'handOver', reason: 'language' }
  const ground = { known, language, past, ...(helped && { helped }) }
  return chosen ? answer(ground, chosen.id, null) : decided(ground, asked)
}

/** A machine elsewhere that may write what is said, and when to go on without it. */
export interface Helped {
  readonly draft: Draft
  readonly signal: AbortSignal
  readonly maxMs: number
}

interface Ground {
  readonly helped?: Helped
  readonly known: Known
  readonly language: string
  readonly past: readonly PastTurn[]
}

async function decided(ground: Ground, asked: BotCase): Promise<Plan> {
  const { past, language, known } = ground
  const decision: Decision = await known.engine.decide({
    text: wholeText(asked),
    locale: language,
    misses: missesIn(past),
    askedBack: past.some(({ outcome }) => outcome === 'askedBack'),
  })
  switch (decision.do) {
    case 'answer':
      return answer(ground, decision.articleId, decision.because)
    case 'offer':
      return helpedOffer(ground, asked, decision.articleIds)
    case 'askBack':
      return { do: 'say', text: botWords(language).askBack, turn: { outcome: 'askedBack' } }
    case 'handOver':
      return { do: 'handOver', reason: decision.because }
    default:
      return decision satisfies never
  }
}

/** `because`: null where the customer picked it. */
function answer({ known, language, past }: Ground, articleId: string, because: Because | null): Plan {
  const article = known.engine.article(articleId, language)
  if (!article) return { do: 'handOver', reason: 'nothingFound' }
  if (languageOf(article.locale) !== language) return { do: 'handOver', reason: 'language' }
  if (past.some((turn) => turn.outcome === 'answered' && turn.articleId === articleId)) {
    return { do: 'handOver', reason: 'repeated' }
  }
  const { id, locale, title } = article
  return {
    do: 'say',
    text: answerText(article, known.urlOf(articleId, language), language),
    turn: { outcome: 'answered', article: { id, locale, title }, chosen: because === null, ...because },
  }
}

/** Only where the bot is not sure itself, and only from what it would have offered. */
async function helpedOffer(ground: Ground, asked: BotCase, ids: readonly string[]): Promise<Plan> {
  const { known, language, past, helped } = ground
  if (!helped) return offer(ground, ids)
  const said = new Set(past.map(({ articleId }) => articleId))
  const articles = ids
    .filter((id) => !said.has(id))
    .flatMap((id) => known.engine.article(id, language) ?? [])
    .filter(({ locale }) => languageOf(locale) === language)
  if (articles.length === 0) return offer(ground, ids)
  const { draft, ...limits } = helped
  const told = await draft({ question: wholeText(asked), language, articles, ...limits })
  if (!told) return offer(ground, ids)
  const { sentences, order } = told
  const cited = articles.filter(({ id }) => sentences.some((sentence) => sentence.article === id))
  const [first] = cited
  if (!first) return offer(ground, order)
  const sources = cited.map((article) => sourceText(article, known.urlOf(article.id, language), language))
  return {
    do: 'say',
    text: [sentences.map(({ text }) => text).join(' '), ...sources].join('\n\n'),
    turn: { outcome: 'answered', article: { id: first.id, locale: first.locale, title: first.title } },
  }
}

function offer({ known, language, past }: Ground, articleIds: readonly string[]): Plan {
  const said = new Set(past.flatMap(({ articleId, offered }) => [articleId, ...offered.map(({ id }) => id)]))
  const fresh = articleIds
    .filter((id) => !said.has(id))
    .flatMap((id) => known.engine.article(id, language) ?? [])
    .filter(({ locale }) => languageOf(locale) === language)
  if (fresh.length === 0) return { do: 'handOver', reason: 'nothingFound' }
  const words = botWords(language)
  const offered = fresh.map(({ id, title }) => ({ id, label: labelOf(title) }))
  const choices = [...offered, { id: noneFits, label: labelOf(words.noneOfThese) }]
  return { do: 'say', text: words.offer, choices, turn: { outcome: 'offered', offered: choices } }
}

/** Only what the bot said last can be answered by a number or a label. */
function lastOffer(past: readonly PastTurn[]): readonly OfferedChoice[] {
  const last = past.findLast(({ outcome }) => outcome !== 'dropped' && outcome !== 'thanked')
  return last?.outcome === 'offered' ? last.offered : []
}

/** What was asked back, and offers of which nothing was picked. */
function missesIn(past: readonly PastTurn[]): number {
  return past.filter(({ outcome }, index) => {
    const picked = past.slice(index + 1).find((turn) => turn.outcome !== 'dropped')?.chosen ?? false
    return outcome === 'askedBack' || (outcome === 'offered' && !picked)
  }).length
}

/** What was said in one go and not answered yet belongs together. */
function wholeText({ past, text }: BotCase): string {
  const last = past.findLastIndex(({ outcome }) => outcome !== 'dropped')
  return [...past.slice(last + 1).map((turn) => turn.text), text].join('\n')
}
