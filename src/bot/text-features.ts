import { type TextUnit, textPieces, unitsOf } from './text-units.ts'

/** `words`: words, neighbours and pairs that stand near each other. `letters`: pieces of words, for endings and typing errors. */
export type FeatureKind = 'words' | 'letters'

/** Called for every occurrence. `name` is asked for only by those who explain. */
export type FeatureVisitor = (kind: FeatureKind, hash: number, name: () => string) => void

/** How far apart two words of a pair may stand. */
const near = 9
/** Lengths of pieces of words. */
const lengths = { letters: [2, 5], hangul: [1, 3], signs: [1, 4] } as const
const seeds = { word: 0x811c9dc5, stem: 0x2f0b4c47, next: 0x5bd1e995, pair: 0x1b873593, letters: 0x7feb352d }

/** Features are known by 32-bit hashes alone: of 200,000 about five collide, which no weight notices. */
export function visitFeatures(text: string, visit: FeatureVisitor): void {
  const units: TextUnit[] = []
  for (const piece of textPieces(text)) {
    const own = unitsOf(piece)
    units.push(...own)
    visitLetters(piece, own[0]?.script ?? 'letters', visit)
  }
  visitWords(units, visit)
}

function visitWords(units: readonly TextUnit[], visit: FeatureVisitor): void {
  const words = units.map((unit) => hashOf(unit.text, seeds.word))
  const stems = units.map((unit) => hashOf(unit.stem, seeds.stem))
  let before = 1
  for (const [index, unit] of units.entries()) {
    const word = words[index]!
    const stem = stems[index]!
    visit('words', word, () => unit.text)
    visit('words', stem, () => `${unit.stem}…`)
    visit('words', mixed(before, word, seeds.next), () => `${units[index - 1]?.text ?? ''} ${unit.text}`)
    for (let other = index + 1; other < units.length && other <= index + near; other++) {
      const last = stems[other]!
      if (stem === last) continue
      const name = () => `${unit.stem}… + ${units[other]?.stem}…`
      visit('words', mixed(Math.min(stem, last), Math.max(stem, last), seeds.pair), name)
    }
    before = word
  }
  if (units.length > 0) visit('words', mixed(before, 2, seeds.next), () => `${units.at(-1)?.text} (last)`)
}

function visitLetters(piece: string, script: TextUnit['script'], visit: FeatureVisitor): void {
  const [shortest, longest] = lengths[script]
  const text = script === 'signs' ? piece : ` ${piece} `
  for (let start = 0; start < text.length; start++) {
    let hash = seeds.letters
    for (let end = start; end < text.length && end < start + longest; end++) {
      hash = Math.imul(hash ^ text.charCodeAt(end), 0x01000193)
      if (end - start + 1 >= shortest) visit('letters', avalanche(hash), () => text.slice(start, end + 1))
    }
  }
}

function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return avalanche(hash)
}

function mixed(first: number, second: number, seed: number): number {
  return avalanche(Math.imul(first ^ seed, 0x85ebca6b) + Math.imul(second, 0xc2b2ae35))
}

/** The finish of MurmurHash3: every bit of the input moves every bit of the result. */
function avalanche(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
