import type { Phrasing } from './classifier.ts'
import { isFiller, withoutFillerSigns } from './filler-words.ts'
import { isSlip } from './spelling-slip.ts'
import { plainText, textUnits } from './text-units.ts'

/** How far a question and a stored phrasing are the same words, in whatever order. */
export interface Evidence {
  readonly phrasing: Phrasing
  /** The share of the question that the phrasing has, from 0 to 1; rare words weigh more, politeness next to nothing. */
  readonly ofQuestion: number
  /** The share of the phrasing that the question has. */
  readonly ofPhrasing: number
}

interface Known extends Phrasing {
  readonly stems: readonly string[]
}

export interface PhrasingIndex {
  readonly phrasings: readonly Known[]
  readonly byStem: ReadonlyMap<string, readonly number[]>
  /** Whole words, for slips of spelling. */
  readonly words: ReadonlyMap<string, string>
}

const fillerWeight = 0.1
/** Phrasings that are compared word by word. */
const compared = 40

export function nearVerbatim({ ofQuestion, ofPhrasing }: Evidence): number {
  return Math.min(ofQuestion, ofPhrasing)
}

export function indexPhrasings(stored: readonly Phrasing[]): PhrasingIndex {
  const byStem = new Map<string, number[]>()
  const words = new Map<string, string>()
  const phrasings = stored.map((phrasing, number) => {
    const units = unitsIn(phrasing.text)
    for (const { text, stem } of units) words.set(text, stem)
    const stems = [...new Set(units.map(({ stem }) => stem))]
    for (const stem of stems) {
      const list = byStem.get(stem)
      if (list) list.push(number)
      else byStem.set(stem, [number])
    }
    return { ...phrasing, stems }
  })
  return { phrasings, byStem, words }
}

/** The best phrasing of each article, best first. */
export function findEvidence(index: PhrasingIndex, question: string): Evidence[] {
  const asked = [...new Set(unitsIn(question).map((unit) => knownStem(index, unit)))]
  const shared = new Map<number, number>()
  for (const stem of asked) {
    const weight = weightOf(index, stem)
    for (const number of index.byStem.get(stem) ?? []) shared.set(number, (shared.get(number) ?? 0) + weight)
  }
  const whole = sum(index, asked)
  const best = new Map<string, Evidence>()
  const likely = [...shared].sort(([, a], [, b]) => b - a).slice(0, compared)
  for (const [number, weight] of likely) {
    const phrasing = index.phrasings[number]!
    const evidence = { phrasing, ofQuestion: weight / whole, ofPhrasing: weight / sum(index, phrasing.stems) }
    const other = best.get(phrasing.category)
    if (!other || nearVerbatim(other) < nearVerbatim(evidence)) best.set(phrasing.category, evidence)
  }
  return [...best.values()].sort((a, b) => nearVerbatim(b) - nearVerbatim(a))
}

interface Unit {
  readonly text: string
  readonly stem: string
}

function unitsIn(text: string): Unit[] {
  return textUnits(withoutFillerSigns(plainText(text))).map(({ text, stem }) => ({
    text,
    // A filler's stem would be that of longer words as well: "canno" begins "cannot".
    stem: isFiller(text) ? `(${text})` : stem,
  }))
}

function knownStem({ byStem, words }: PhrasingIndex, { text, stem }: Unit): string {
  if (byStem.has(stem) || isFiller(text)) return stem
  for (const [word, own] of words) if (isSlip(text, word)) return own
  return stem
}

function weightOf({ byStem, phrasings }: PhrasingIndex, stem: string): number {
  if (stem.startsWith('(')) return fillerWeight
  return Math.log(1 + phrasings.length / (byStem.get(stem)?.length ?? 0.5))
}

function sum(index: PhrasingIndex, stems: readonly string[]): number {
  return stems.reduce((total, stem) => total + weightOf(index, stem), 0)
}
