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
  /** The nearest of the article's. */
  readonly phrasing: string
  readonly confidence: number
}

/** Tried on the shipped articles, see docs/decisions/0026-bot.md. */
const bars = {
  /** The same words both ways, and how much nearer than the next article's nearest phrasing. */
  verbatim: { both: 0.78, apart: 0.08 },
  /** Less, where the classifier had the same idea: nearly all of a phrasing, with much around it. */
  agreed: { ofPhrasing: 0.7, ofQuestion: 0.4, apart: 0.1, confidence: 0.6 },
  /** Most of the words both ways and the same idea: the surer the classifier, the fewer words are enough. */
  both: [
    { both: 0.58, apart: 0.2, confidence: 0.5 },
    { both: 0.5, apart: 0.2, confidence: 0.75 },
  ],
  /** However sure the classifier is: so much of the question must be words of the phrasing. */
  sure: { ofQuestion: 0.5 },
  /** An offer: any is enough. Whoever says one word that several articles have ("withdrawal") means one of them. */
  offer: { both: 0.5, confidence: 0.3, whole: { ofQuestion: 0.9, both: 0.33 } },
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
  const [best] = evidence
  if (best && nearVerbatim(best) >= bars.verbatim.both && lead(best, evidence) >= bars.verbatim.apart)
    return answer(best, confidence)
  const own = guess && evidence.find(({ phrasing }) => phrasing.category === guess.articleId)
  if (!own) return null
  const sure = guess.sure && own.ofQuestion >= bars.sure.ofQuestion
  return sure || agree(own, evidence, confidence) ? answer(own, confidence) : null
}

function agree(own: Evidence, evidence: readonly Evidence[], confidence: number): boolean {
  const { ofPhrasing, ofQuestion, apart, confidence: least } = bars.agreed
  const much = bars.both.some(
    (bar) => confidence >= bar.confidence && nearVerbatim(own) >= bar.both && lead(own, evidence) >= bar.apart,
  )
  if (much) return true
  if (own.ofPhrasing < ofPhrasing || own.ofQuestion < ofQuestion) return false
  return confidence >= least && lead(own, evidence) >= apart
}

/** How much nearer than any other article. */
function lead(own: Evidence, evidence: readonly Evidence[]): number {
  return nearVerbatim(own) - Math.max(0, ...evidence.filter((one) => one !== own).map(nearVerbatim))
}

function answer({ phrasing }: Evidence, confidence: number): Decision {
  return { do: 'answer', articleId: phrasing.category, because: { phrasing: phrasing.text, confidence } }
}

function isWhole(one: Evidence): boolean {
  const { ofQuestion, both } = bars.offer.whole
  return one.ofQuestion >= ofQuestion && nearVerbatim(one) >= both
}

/** What each way of looking thinks best comes first. */
function offerOf({ guess, evidence, found }: Considered): string[] {
  const near = evidence.filter((one) => nearVerbatim(one) >= bars.offer.both || isWhole(one))
  const likely = guess && guess.confidence >= bars.offer.confidence ? [guess.articleId] : []
  if (near.length === 0 && likely.length === 0) return []
  const nearest = near.map(({ phrasing }) => phrasing.category)
  return [...new Set([...likely, ...nearest.slice(0, 1), ...found.slice(0, 1), ...nearest, ...found])].slice(0, offers)
}
