import { seededRandom, shuffle } from './seeded-random.ts'
import type { SparseRows } from './vocabulary.ts'

export interface LinearTask {
  readonly rows: SparseRows
  /** The class of each row. */
  readonly classes: Int32Array
  readonly classCount: number
  readonly featureCount: number
}

export interface LinearWeights {
  /** Of feature f and class c: `weights[f * classCount + c]`. */
  readonly weights: Float32Array<ArrayBuffer>
  readonly offsets: Float32Array<ArrayBuffer>
}

const penalty = 1
const rounds = 30
/** A class is learned when the largest step left is as small as this. */
const tolerance = 0.1

/**
 * One support vector machine a class against all others, squared hinge loss, by dual coordinate descent with shrinking:
 * Hsieh et al., "A dual coordinate descent method for large-scale linear SVM" (2008), algorithm 3 of LIBLINEAR.
 */
export function trainLinear(task: LinearTask, seed: number): LinearWeights {
  const { classCount, featureCount, rows } = task
  const weights = new Float32Array(featureCount * classCount)
  const offsets = new Float32Array(classCount)
  const squares = squaresOf(rows)
  const own = new Float64Array(featureCount + 1)
  for (let one = 0; one < classCount; one++) {
    own.fill(0)
    separate(task, one, own, { squares, random: seededRandom(seed + one) })
    for (let feature = 0; feature < featureCount; feature++) weights[feature * classCount + one] = own[feature]!
    offsets[one] = own[featureCount]!
  }
  return { weights, offsets }
}

function squaresOf({ starts, values }: SparseRows): Float64Array {
  const squares = new Float64Array(starts.length - 1).fill(1)
  for (let row = 0; row < squares.length; row++) {
    for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) squares[row]! += values[entry]! ** 2
  }
  return squares
}

interface Solving {
  readonly squares: Float64Array
  readonly random: () => number
}

/** The weights of one class into `own`; its last place is the offset, of a feature that is 1 everywhere. */
function separate({ rows, classes }: LinearTask, one: number, own: Float64Array, solving: Solving): void {
  const count = classes.length
  const alphas = new Float64Array(count)
  const active = Int32Array.from({ length: count }, (_, index) => index)
  let left = count
  let bound = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    shuffle(active, left, solving.random)
    let highest = Number.NEGATIVE_INFINITY
    let lowest = Number.POSITIVE_INFINITY
    for (let at = 0; at < left; at++) {
      const row = active[at]!
      const sign = classes[row] === one ? 1 : -1
      const alpha = alphas[row]!
      const slope = sign * scoreOf(rows, row, own) - 1 + alpha / (2 * penalty)
      if (alpha === 0 && slope > bound) {
        active[at--] = active[--left]!
        active[left] = row
        continue
      }
      const projected = alpha === 0 ? Math.min(slope, 0) : slope
      highest = Math.max(highest, projected)
      lowest = Math.min(lowest, projected)
      if (Math.abs(projected) < 1e-12) continue
      const next = Math.max(alpha - slope / (solving.squares[row]! + 1 / (2 * penalty)), 0)
      alphas[row] = next
      add(rows, row, own, (next - alpha) * sign)
    }
    if (highest - lowest > tolerance) bound = highest > 0 ? highest : Number.POSITIVE_INFINITY
    else if (left === count) return
    else {
      left = count
      bound = Number.POSITIVE_INFINITY
    }
  }
}

function scoreOf({ starts, columns, values }: SparseRows, row: number, own: Float64Array): number {
  let sum = own[own.length - 1]!
  const end = starts[row + 1]!
  for (let entry = starts[row]!; entry < end; entry++) sum += own[columns[entry]!]! * values[entry]!
  return sum
}

function add({ starts, columns, values }: SparseRows, row: number, own: Float64Array, step: number): void {
  const end = starts[row + 1]!
  for (let entry = starts[row]!; entry < end; entry++) own[columns[entry]!]! += step * values[entry]!
  own[own.length - 1]! += step
}
