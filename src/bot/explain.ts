import type { Classifier } from './classifier.ts'
import { visitFeatures } from './text-features.ts'
import { readText, rowOf } from './vocabulary.ts'

export interface Reason {
  /** A word, a pair of words' beginnings, or a piece of a word. */
  readonly feature: string
  /** What it adds to the category's score. */
  readonly adds: number
}

/** What of the text spoke most for the category, strongest first. For people who wonder at an answer. */
export function explain(classifier: Classifier, text: string, category: string, most = 5): Reason[] {
  const one = classifier.categories.indexOf(category)
  if (one === -1) return []
  const { columns, values } = rowOf(classifier.vocabulary, readText(text))
  const names = new Map<number, string>()
  visitFeatures(text, (_kind, hash, name) => {
    const position = classifier.vocabulary.index.get(hash)
    if (position !== undefined && !names.has(position)) names.set(position, name())
  })
  const reasons = Array.from(columns, (column, entry) => ({
    feature: names.get(column) ?? '',
    adds: values[entry]! * classifier.weights[column * classifier.categories.length + one]!,
  }))
  return reasons
    .filter(({ adds }) => adds > 0)
    .sort((a, b) => b.adds - a.adds)
    .slice(0, most)
}
