import { type FeatureKind, visitFeatures } from './text-features.ts'

/** Rows of a sparse matrix, one after the other: row r has the entries from `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array<ArrayBuffer>
  readonly columns: Int32Array<ArrayBuffer>
  readonly values: Float32Array<ArrayBuffer>
}

export interface SparseRow {
  readonly columns: Int32Array
  readonly values: Float32Array
}

/** What is stored of a vocabulary: feature i has the hash `hashes[i]` and the weight `weights[i]`. */
export interface VocabularyData {
  readonly hashes: Uint32Array<ArrayBuffer>
  /** Rare features weigh more: 1 + ln((texts + 1) / (texts with it + 1)). */
  readonly weights: Float32Array<ArrayBuffer>
}

export interface Vocabulary extends VocabularyData {
  readonly index: ReadonlyMap<number, number>
}

/** With so many texts a feature that occurs once is noise, and there are hundreds of thousands of them. */
const manyTexts = 3_000

/** The features of a text, words first, each with how often it occurs. Reading costs more than all that is done with it. */
export interface ReadText {
  readonly hashes: Uint32Array
  readonly counts: Uint16Array
  /** So many of them are words. */
  readonly words: number
}

export function readText(text: string): ReadText {
  const counts: Readonly<Record<FeatureKind, Map<number, number>>> = { words: new Map(), letters: new Map() }
  visitFeatures(text, (kind, hash) => counts[kind].set(hash, (counts[kind].get(hash) ?? 0) + 1))
  const both = [counts.words, counts.letters]
  return {
    hashes: Uint32Array.from(both.flatMap((own) => [...own.keys()])),
    counts: Uint16Array.from(both.flatMap((own) => [...own.values()])),
    words: counts.words.size,
  }
}

export function buildVocabulary(texts: readonly ReadText[]): Vocabulary {
  const seen: Readonly<Record<FeatureKind, Map<number, number>>> = { words: new Map(), letters: new Map() }
  for (const { hashes, words } of texts) {
    for (let at = 0; at < hashes.length; at++) {
      const own = seen[at < words ? 'words' : 'letters']
      own.set(hashes[at]!, (own.get(hashes[at]!) ?? 0) + 1)
    }
  }
  const least = texts.length > manyTexts ? { words: 2, letters: 3 } : { words: 1, letters: 2 }
  const kept = (['words', 'letters'] as const).flatMap((kind) =>
    [...seen[kind]].filter(([, count]) => count >= least[kind]),
  )
  return withIndex({
    hashes: Uint32Array.from(kept, ([hash]) => hash),
    weights: Float32Array.from(kept, ([, count]) => 1 + Math.log((texts.length + 1) / (count + 1))),
  })
}

export function withIndex(data: VocabularyData): Vocabulary {
  const index = new Map<number, number>()
  for (let position = 0; position < data.hashes.length; position++) index.set(data.hashes[position]!, position)
  return { ...data, index }
}

/** Both kinds have length 1, so that neither a long word nor a long sentence outweighs the other. Unknown features are left out. */
export function rowOf({ index, weights }: Vocabulary, { hashes, counts, words }: ReadText): SparseRow {
  const columns = new Int32Array(hashes.length)
  const values = new Float32Array(hashes.length)
  let size = 0
  for (const [from, to] of [
    [0, words],
    [words, hashes.length],
  ] as const) {
    const first = size
    let squares = 0
    for (let at = from; at < to; at++) {
      const position = index.get(hashes[at]!)
      if (position === undefined) continue
      const value = (1 + Math.log(counts[at]!)) * weights[position]!
      columns[size] = position
      values[size++] = value
      squares += value * value
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let entry = first; entry < size; entry++) values[entry]! *= scale
  }
  return { columns: columns.subarray(0, size), values: values.subarray(0, size) }
}

export function stacked(all: readonly SparseRow[]): SparseRows {
  const starts = new Int32Array(all.length + 1)
  for (const [index, row] of all.entries()) starts[index + 1] = starts[index]! + row.columns.length
  const columns = new Int32Array(starts[all.length]!)
  const values = new Float32Array(starts[all.length]!)
  for (const [index, row] of all.entries()) {
    columns.set(row.columns, starts[index]!)
    values.set(row.values, starts[index]!)
  }
  return { starts, columns, values }
}
