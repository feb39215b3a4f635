import type { Phrasing } from './classifier.ts'
import { isFiller, withoutFillerSigns } from './filler-words.ts'
import { inSlices } from './in-slices.ts'
import { isSlip } from './spelling-slip.ts'
import { isHangul, isSigns, plainText, textPieces, traitsOf, wordStem } from './text-units.ts'

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
  /** The stem of each spelling, for slips of the pen. */
  readonly words: ReadonlyMap<string, string>
}

/** Rare words weigh more, but none as much as three others; what nobody ever wrote is more often politeness than a matter. */
const weights = { filler: 0.1, unknown: 3, most: 5 }
/** Phrasings that are compared word by word. */
const compared = 40

export function nearVerbatim({ ofQuestion, ofPhrasing }: Evidence): number {
  return Math.min(ofQuestion, ofPhrasing)
}

export async function indexPhrasings(stored: readonly Phrasing[]): Promise<PhrasingIndex> {
  const byStem = new Map<string, number[]>()
  const words = new Map<string, string>()
  const phrasings: Known[] = []
  await inSlices(stored, (phrasing, number) => {
    const traits = traitsIn(phrasing.text)
    for (const { word, stem } of traits) if (!isSigns(word)) words.set(spelledOut(word, stem), stem)
    const stems = [...new Set(traits.map(({ stem }) => stem))]
    for (const stem of stems) {
      const list = byStem.get(stem)
      if (list) list.push(number)
      else byStem.set(stem, [number])
    }
    phrasings.push({ ...phrasing, stems })
  })
  return { phrasings, byStem, words }
}

/** The best phrasing of each article, best first. */
export function findEvidence(index: PhrasingIndex, question: string): Evidence[] {
  const asked = new Set(traitsIn(question).map((trait) => knownStem(index, trait)))
  const whole = sum(index, [...asked])
  const best = new Map<string, Evidence>()
  for (const number of likely(index, asked)) {
    const phrasing = index.phrasings[number]!
    const common = sum(
      index,
      phrasing.stems.filter((stem) => asked.has(stem)),
    )
    const evidence = { phrasing, ofQuestion: common / whole, ofPhrasing: common / sum(index, phrasing.stems) }
    const other = best.get(phrasing.category)
    if (!other || nearVerbatim(other) < nearVerbatim(evidence)) best.set(phrasing.category, evidence)
  }
  return [...best.values()].sort((a, b) => nearVerbatim(b) - nearVerbatim(a))
}

/** The numbers of the phrasings that share most with what is asked. Politeness finds none: it stands in thousands. */
function likely(index: PhrasingIndex, asked: ReadonlySet<string>): number[] {
  const shared = new Float64Array(index.phrasings.length)
  const touched: number[] = []
  for (const stem of asked) {
    if (stem.startsWith('(')) continue
    const weight = weightOf(index, stem)
    for (const number of index.byStem.get(stem) ?? []) {
      if (shared[number] === 0) touched.push(number)
      shared[number]! += weight
    }
  }
  const most = touched.reduce((highest, number) => Math.max(highest, shared[number]!), 0)
  return touched
    .filter((number) => shared[number]! > most / 3)
    .sort((a, b) => shared[b]! - shared[a]!)
    .slice(0, compared)
}

interface Trait {
  readonly word: string
  readonly stem: string
}

function traitsIn(text: string): Trait[] {
  return textPieces(withoutFillerSigns(plainText(text))).flatMap((word) =>
    // A filler's stem would be that of longer words as well: "canno" begins "cannot".
    (isFiller(word) ? [`(${word})`] : traitsOf(word)).map((stem) => ({ word, stem })),
  )
}

function knownStem({ byStem, words }: PhrasingIndex, { word, stem }: Trait): string {
  if (byStem.has(stem) || isFiller(word) || isSigns(word)) return stem
  const typed = spelledOut(word, stem)
  for (const [known, own] of words) if (isSlip(typed, known)) return own
  return stem
}

/** What a slip may happen in: a word without its ending; of hangul each pair, in single letters. */
function spelledOut(word: string, stem: string): string {
  return isHangul(word) ? stem.normalize('NFD') : wordStem(word)
}

function weightOf({ byStem, phrasings }: PhrasingIndex, stem: string): number {
  if (stem.startsWith('(')) return weights.filler
  const count = byStem.get(stem)?.length
  return count ? Math.min(Math.log(1 + phrasings.length / count), weights.most) : weights.unknown
}

function sum(index: PhrasingIndex, stems: readonly string[]): number {
  return stems.reduce((total, stem) => total + weightOf(index, stem), 0)
}
