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

export function buildVocabulary(texts: readonly string[]): Vocabulary {
  const seen: Readonly<Record<FeatureKind, Map<number, number>>> = { words: new Map(), letters: new Map() }
  for (const text of texts) {
    const own = new Set<number>()
    visitFeatures(text, (kind, hash) => {
      if (own.has(hash)) return
      own.add(hash)
      seen[kind].set(hash, (seen[kind].get(hash) ?? 0) + 1)
    })
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
export function rowOf(vocabulary: Vocabulary, text: string): SparseRow {
  const counts: Readonly<Record<FeatureKind, Map<number, number>>> = { words: new Map(), letters: new Map() }
  visitFeatures(text, (kind, hash) => {
    const position = vocabulary.index.get(hash)
    if (position !== undefined) counts[kind].set(position, (counts[kind].get(position) ?? 0) + 1)
  })
  const size = counts.words.size + counts.letters.size
  const row = { columns: new Int32Array(size), values: new Float32Array(size) }
  fill(row, 0, counts.words, vocabulary.weights)
  fill(row, counts.words.size, counts.letters, vocabulary.weights)
  return row
}

function fill(row: SparseRow, from: number, counts: ReadonlyMap<number, number>, weights: Float32Array): void {
  let at = from
  let squares = 0
  for (const [position, count] of counts) {
    const value = (1 + Math.log(count)) * weights[position]!
    row.columns[at] = position
    row.values[at++] = value
    squares += value * value
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  for (let entry = from; entry < at; entry++) row.values[entry]! *= scale
}

export function rowsOf(vocabulary: Vocabulary, texts: readonly string[]): SparseRows {
  return stacked(texts.map((text) => rowOf(vocabulary, text)))
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
