import { setTimeout as pause } from 'node:timers/promises'

/**
 * Runs `work` when woken and every `floorMs`, never twice at once; a wake during a run means another run. Under a shower of
 * wakes it begins at most once in `gapMs`: one run for several costs less than several; a lone wake waits for nothing.
 */
export interface Wakeful {
  wake(): void
  /** Waits for a run that has begun; starts none. */
  close(): Promise<void>
}

export function wakeful(floorMs: number, work: (woken: boolean) => Promise<void>, gapMs = 0): Wakeful {
  let closed = false
  let again = false
  let running: Promise<void> | undefined
  let begunAt = Number.NEGATIVE_INFINITY
  const run = async (woken: boolean): Promise<void> => {
    let needed = woken
    do {
      const early = begunAt + gapMs - performance.now()
      if (early > 0) await pause(early)
      begunAt = performance.now()
      again = false
      await work(needed)
      needed = true
    } while (again && !closed)
  }
  const start = (woken: boolean) => {
    if (closed) return
    if (running !== undefined) {
      again ||= woken
      return
    }
    running = run(woken).finally(() => {
      running = undefined
      // A wake between the last look and here must not wait for the floor.
      if (again) start(true)
    })
  }
  const floor = setInterval(() => start(false), floorMs)
  floor.unref()
  return {
    wake: () => start(true),
    async close() {
      closed = true
      clearInterval(floor)
      await running
    },
  }
}
