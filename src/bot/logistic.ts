export interface Sample {
  readonly features: readonly number[]
  readonly yes: boolean
  readonly weight: number
}

/** One factor a feature, then the constant. */
export type LogisticFactors = readonly number[]

const steps = 25
const ridge = 1e-3

export function probability(factors: LogisticFactors, features: readonly number[]): number {
  let sum = factors[features.length] ?? 0
  for (const [index, feature] of features.entries()) sum += feature * (factors[index] ?? 0)
  return 1 / (1 + Math.exp(-sum))
}

/** Logistic regression by Newton's method; for the two or three features of a calibration. */
export function fitLogistic(samples: readonly Sample[], featureCount: number): LogisticFactors {
  const size = featureCount + 1
  const factors: number[] = new Array(size).fill(0)
  for (let step = 0; step < steps; step++) {
    const slope: number[] = factors.map((factor) => factor * ridge)
    const curve = factors.map((_, row) => factors.map((_, column) => (row === column ? ridge : 0)))
    for (const { features, yes, weight } of samples) {
      const guess = probability(factors, features)
      const bend = weight * guess * (1 - guess)
      for (let row = 0; row < size; row++) {
        const own = features[row] ?? 1
        slope[row]! += weight * (guess - (yes ? 1 : 0)) * own
        for (let column = 0; column < size; column++) curve[row]![column]! += bend * own * (features[column] ?? 1)
      }
    }
    const change = solve(curve, slope)
    for (let row = 0; row < size; row++) factors[row]! -= change[row]!
  }
  return factors
}

/** Gauss and Jordan. The matrix is positive definite, so no pivot is 0. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!])
  for (const [pivot, own] of rows.entries()) {
    for (const [index, row] of rows.entries()) {
      if (index === pivot) continue
      const factor = row[pivot]! / own[pivot]!
      for (let column = pivot; column < row.length; column++) row[column]! -= factor * own[column]!
    }
  }
  return rows.map((row, index) => row[row.length - 1]! / row[index]!)
}
