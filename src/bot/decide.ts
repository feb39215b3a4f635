import type { HandOverReason } from '../domain/hand-over-words.ts'
import { type Evidence, nearVerbatim } from './phrasing-evidence.ts'

/** What is known about one question; nothing here was asked of anybody else. */
export interface Considered {
  readonly handOver: HandOverReason | null
  /** The classifier's best, how probably it is right, and whether that is enough. */
  readonly guess: { readonly articleId: string; readonly confidence: number; readonly sure: boolean } | null
  /** Best first. */
  readonly evidence: readonly Evidence[]
  /** By search, best first. */
  readonly found: readonly string[]
  /** How often it was answered in vain in this conversation already, and whether it asked back. */
  readonly misses: number
  readonly askedBack: boolean
}

export type Decision =
  | { readonly do: 'answer'; readonly articleId: string; readonly because: Because }
  | { readonly do: 'offer'; readonly articleIds: readonly string[] }
  | { readonly do: 'askBack' }
  | { readonly do: 'handOver'; readonly because: HandOverReason | 'misses' | 'nothingFound' }

export interface Because {
  readonly phrasing: string | null
  readonly confidence: number
}

/** Tried on the shipped articles, see docs/decisions/0026-bot.md. */
const bars = {
  /** The same words both ways. */
  verbatim: 0.72,
  /** How much nearer than the next article's nearest phrasing. */
  apart: 0.08,
  /** However sure the classifier is: so much of the question must be words of the phrasing. */
  shared: 0.5,
  /** An offer needs a common word that matters. */
  offered: 0.35,
  guessed: 0.4,
}
const offers = 3
const patience = 2

export function decide(considered: Considered): Decision {
  const { handOver, misses, askedBack } = considered
  if (handOver) return { do: 'handOver', because: handOver }
  if (misses >= patience) return { do: 'handOver', because: 'misses' }
  const answer = answerOf(considered)
  if (answer) return answer
  const articleIds = offerOf(considered)
  if (articleIds.length > 0) return { do: 'offer', articleIds }
  return askedBack || misses > 0 ? { do: 'handOver', because: 'nothingFound' } : { do: 'askBack' }
}

function answerOf({ guess, evidence }: Considered): Decision | null {
  const confidence = guess?.confidence ?? 0
  const [best, next] = evidence
  if (
    best &&
    nearVerbatim(best) >= bars.verbatim &&
    nearVerbatim(best) - (next ? nearVerbatim(next) : 0) >= bars.apart
  ) {
    const { category, text } = best.phrasing
    return { do: 'answer', articleId: category, because: { phrasing: text, confidence } }
  }
  if (!guess?.sure) return null
  const own = evidence.find(({ phrasing }) => phrasing.category === guess.articleId)
  if (!own || own.ofQuestion < bars.shared) return null
  return { do: 'answer', articleId: guess.articleId, because: { phrasing: own.phrasing.text, confidence } }
}

/** What each way of looking thinks best comes first. */
function offerOf({ guess, evidence, found }: Considered): string[] {
  const near = evidence.filter((one) => Math.max(one.ofQuestion, nearVerbatim(one)) >= bars.offered)
  const likely = guess && guess.confidence >= bars.guessed ? [guess.articleId] : []
  if (near.length === 0 && likely.length === 0) return []
  const nearest = near.map(({ phrasing }) => phrasing.category)
  return [...new Set([...likely, ...nearest.slice(0, 1), ...found.slice(0, 1), ...nearest, ...found])].slice(0, offers)
}
