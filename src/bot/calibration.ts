import { type Classifier, defaultSeed, type Phrasing, type Ranked, rankRead, trainClassifier } from './classifier.ts'
import { fitLogistic, type LogisticFactors, probability, type Sample } from './logistic.ts'
import { seededRandom, shuffle } from './seeded-random.ts'
import { type ReadText, readText } from './vocabulary.ts'

/** Turns scores into the probability that the best category is right, and says from where on to answer. */
export interface Calibration {
  readonly factors: LogisticFactors
  /** Answers at least this probable are right as often as was wished. Above 1: never answer by this alone. */
  readonly threshold: number
  /** What the folds promise at the threshold: the share of questions answered, and how many of the answers are right. */
  readonly coverage: number
  readonly precision: number
}

export interface CalibrationWish {
  /** How many of the answers must be right. */
  readonly precision: number
  readonly seed: number
}

export const defaultWish: CalibrationWish = { precision: 0.97, seed: defaultSeed }

const folds = 4
/** A question about a category that was left out counts as much: with a quarter left out, one question of twelve is off topic. */
const strangerWeight = 0.3
/** Fewer right answers than this prove no precision. */
const enough = 20

export const never: Calibration = { factors: [0, 0, 0], threshold: 2, coverage: 0, precision: 0 }

/** The score of the best, and how far behind the second is: alone, either is worse. More (similarity, the third) adds nothing. */
function featuresOf(ranked: readonly Ranked[]): number[] {
  const best = ranked[0]?.score ?? -1
  return [best, best - (ranked[1]?.score ?? -1)]
}

export function confidence({ factors }: Calibration, ranked: readonly Ranked[]): number {
  return ranked.length === 0 ? 0 : probability(factors, featuresOf(ranked))
}

/**
 * Nobody has questions that no article answers before they are asked. So each fold is asked by a machine that knows neither the
 * fold's phrasings nor a quarter of the categories at all: their phrasings are the strangers that must not be answered.
 */
export function calibrate(
  phrasings: readonly Phrasing[],
  wish: CalibrationWish = defaultWish,
  read: readonly ReadText[] = phrasings.map(({ text }) => readText(text)),
): Calibration {
  const categories = [...new Set(phrasings.map(({ category }) => category))].sort()
  if (categories.length < folds) return never
  const foldOf = dealt(phrasings, categories, wish.seed)
  const samples: Sample[] = []
  for (let fold = 0; fold < folds; fold++) samples.push(...askFold({ phrasings, read }, foldOf, fold, wish.seed))
  const factors = fitLogistic(samples, 2)
  return { factors, ...cut(samples, factors, wish.precision) }
}

interface Folds {
  /** Of each phrasing, so that every category is dealt evenly. */
  readonly phrasing: readonly number[]
  /** The fold in which a category is unknown. */
  readonly category: ReadonlyMap<string, number>
}

function dealt(phrasings: readonly Phrasing[], categories: readonly string[], seed: number): Folds {
  const random = seededRandom(seed)
  const order = Int32Array.from(phrasings.keys())
  shuffle(order, order.length, random)
  const next = new Map<string, number>()
  const phrasing: number[] = new Array(phrasings.length).fill(0)
  for (const index of order) {
    const { category } = phrasings[index]!
    const turn = next.get(category) ?? Math.floor(random() * folds)
    phrasing[index] = turn % folds
    next.set(category, turn + 1)
  }
  const shuffled = Int32Array.from(categories.keys())
  shuffle(shuffled, shuffled.length, random)
  return { phrasing, category: new Map(Array.from(shuffled, (one, place) => [categories[one]!, place % folds])) }
}

interface Material {
  readonly phrasings: readonly Phrasing[]
  readonly read: readonly ReadText[]
}

function askFold({ phrasings, read }: Material, of: Folds, fold: number, seed: number): Sample[] {
  const isKnown = (index: number) => of.phrasing[index] !== fold && of.category.get(phrasings[index]!.category) !== fold
  const machine: Classifier = trainClassifier(
    phrasings.filter((_, index) => isKnown(index)),
    seed,
    read.filter((_, index) => isKnown(index)),
  )
  return phrasings.flatMap(({ category }, index) => {
    if (of.phrasing[index] !== fold) return []
    const ranked = rankRead(machine, read[index]!, 2)
    const stranger = of.category.get(category) === fold
    return [
      {
        features: featuresOf(ranked),
        yes: ranked[0]?.category === category,
        weight: stranger ? strangerWeight : 1,
      },
    ]
  })
}

function cut(samples: readonly Sample[], factors: LogisticFactors, wished: number): Omit<Calibration, 'factors'> {
  const sure = samples.map((sample) => ({ ...sample, sure: probability(factors, sample.features) }))
  sure.sort((a, b) => b.sure - a.sure)
  let [right, answered] = [0, 0]
  let best = { threshold: never.threshold, coverage: 0, precision: 0 }
  const own = samples.filter(({ weight }) => weight === 1).length
  let ownAnswered = 0
  for (const { yes, weight, sure: threshold } of sure) {
    answered += weight
    right += yes ? 1 : 0
    ownAnswered += weight === 1 ? 1 : 0
    const precision = right / answered
    if (right >= enough && precision >= wished) best = { threshold, coverage: ownAnswered / own, precision }
  }
  return best
}
