import { handOverReason } from '../domain/hand-over-words.ts'
import { type BotArticle, inLanguage, languageOf, phrasingsOf } from './article.ts'
import type { BotModel } from './bot-model.ts'
import { confidence } from './calibration.ts'
import { rank } from './classifier.ts'
import { type Considered, type Decision, decide } from './decide.ts'
import { findEvidence, indexPhrasings, type PhrasingIndex } from './phrasing-evidence.ts'
import { type ArticleSearch, indexArticles } from './retrieve.ts'

export interface Asked {
  readonly text: string
  /** The customer's language, if known: the language of the articles that are offered. */
  readonly locale: string
  readonly misses: number
  readonly askedBack: boolean
}

export interface BotEngine {
  decide(asked: Asked): Promise<Decision>
  /** The article as it is shown to somebody who reads this language. */
  article(id: string, locale: string): BotArticle | null
}

export interface BotKnowledge {
  readonly articles: readonly BotArticle[]
  /** Null while it is trained: only near-verbatim questions are answered. */
  readonly model: BotModel | null
  /** Where an article is missing in a language. */
  readonly fallbacks?: readonly string[]
}

const candidates = 5

export function createBotEngine({ articles, model, fallbacks = ['en'] }: BotKnowledge): BotEngine {
  let phrasings: Promise<PhrasingIndex> | null = null
  const ids = new Set(articles.map(({ id }) => id))
  const searches = new Map<string, Promise<ArticleSearch>>()
  const searchIn = (language: string) => {
    const search = searches.get(language) ?? indexArticles(inLanguage(articles, language, fallbacks))
    searches.set(language, search)
    return search
  }
  return {
    async decide({ text, locale, misses, askedBack }) {
      phrasings ??= indexPhrasings(phrasingsOf(articles))
      const known = await phrasings
      const search = await searchIn(languageOf(locale))
      const considered = {
        handOver: handOverReason(text),
        guess: guessOf(model, ids, text),
        evidence: findEvidence(known, text),
        found: search.find(text, candidates).map(({ articleId }) => articleId),
        misses,
        askedBack,
      }
      return decide(considered)
    },
    article: (id, locale) =>
      inLanguage(
        articles.filter((one) => one.id === id),
        locale,
        fallbacks,
      )[0] ?? null,
  }
}

/** An article that went since the training is no guess. */
function guessOf(model: BotModel | null, known: ReadonlySet<string>, text: string): Considered['guess'] {
  if (!model) return null
  const ranked = rank(model.classifier, text, candidates)
  const best = ranked[0]
  if (!best || !known.has(best.category)) return null
  const sure = confidence(model.calibration, ranked)
  return { articleId: best.category, confidence: sure, sure: sure >= model.calibration.threshold }
}
