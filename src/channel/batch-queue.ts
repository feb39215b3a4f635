export interface BatchQueue<T> {
  push(one: T): void
  /** What came since, in order; rejects with what it failed with when nothing is left. Empty when it was ended. */
  next(): Promise<readonly T[]>
  fail(error: unknown): void
  end(): void
  readonly ended: boolean
}

interface Limits<T> {
  readonly batch: number
  readonly most: number
  /** Such a one comes alone. */
  alone(one: T): boolean
  full(): Error
}

/** Between a platform that tells and a store that commits: batches as large as they have become, bounded. */
export function batchQueue<T>({ batch, most, alone, full }: Limits<T>): BatchQueue<T> {
  const waiting: T[] = []
  let [ended, failed, wake] = [false, null as unknown, () => {}]
  const fail = (error: unknown) => {
    failed ??= error
    wake()
  }
  return {
    fail,
    push: (one) => {
      if (waiting.push(one) > most) fail(full())
      wake()
    },
    next: async () => {
      while (waiting.length === 0 && failed === null && !ended) await new Promise<void>((resolve) => (wake = resolve))
      if (waiting.length === 0 && failed !== null) throw failed
      const at = waiting.findIndex(alone)
      return waiting.splice(0, at < 0 ? batch : Math.min(batch, Math.max(1, at)))
    },
    end: () => {
      ended = true
      wake()
    },
    get ended() {
      return ended
    },
  }
}
