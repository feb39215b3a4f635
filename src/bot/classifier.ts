import { type LinearWeights, trainLinear } from './linear-machine.ts'
import {
  buildVocabulary,
  type ReadText,
  readText,
  rowOf,
  type SparseRow,
  stacked,
  type Vocabulary,
} from './vocabulary.ts'

export interface Phrasing {
  readonly text: string
  /** What it asks for: an article's id, say. */
  readonly category: string
}

export interface Classifier extends LinearWeights {
  readonly categories: readonly string[]
  readonly vocabulary: Vocabulary
}

export interface Ranked {
  readonly category: string
  /** Above 0: more like this category than like all others. No probability. */
  readonly score: number
}

export const defaultSeed = 20_261_122

/** `read`: the texts of the phrasings, where somebody has read them already. */
export function trainClassifier(
  phrasings: readonly Phrasing[],
  seed: number = defaultSeed,
  read: readonly ReadText[] = phrasings.map(({ text }) => readText(text)),
): Classifier {
  const categories = [...new Set(phrasings.map(({ category }) => category))].sort()
  const numbers = new Map(categories.map((category, index) => [category, index]))
  const classes = Int32Array.from(phrasings, ({ category }) => numbers.get(category)!)
  const vocabulary = buildVocabulary(read)
  const rows = stacked(read.map((text) => rowOf(vocabulary, text)))
  const task = { rows, classes, classCount: categories.length, featureCount: vocabulary.hashes.length }
  return { categories, vocabulary, ...trainLinear(task, seed) }
}

/** The best `most` categories, best first. */
export function rank(classifier: Classifier, text: string, most = 5): Ranked[] {
  return rankRead(classifier, readText(text), most)
}

export function rankRead(classifier: Classifier, read: ReadText, most: number): Ranked[] {
  const scores = scoresOf(classifier, rowOf(classifier.vocabulary, read))
  return bestOf(scores, most).map((one) => ({ category: classifier.categories[one]!, score: scores[one]! }))
}

function scoresOf({ weights, offsets, categories }: Classifier, { columns, values }: SparseRow): Float64Array {
  const count = categories.length
  const scores = Float64Array.from(offsets)
  for (let entry = 0; entry < columns.length; entry++) {
    const from = columns[entry]! * count
    const value = values[entry]!
    for (let one = 0; one < count; one++) scores[one]! += value * weights[from + one]!
  }
  return scores
}

function bestOf(scores: Float64Array, most: number): number[] {
  const best: number[] = []
  for (let one = 0; one < scores.length; one++) {
    let at = best.length
    while (at > 0 && scores[best[at - 1]!]! < scores[one]!) at--
    if (at < most) best.splice(at, 0, one)
    if (best.length > most) best.pop()
  }
  return best
}
