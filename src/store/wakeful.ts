/** Runs `work` when woken and every `floorMs`, never twice at once; a wake during a run means another run. */
export interface Wakeful {
  wake(): void
  /** Waits for a run that has begun; starts none. */
  close(): Promise<void>
}

export function wakeful(floorMs: number, work: (woken: boolean) => Promise<void>): Wakeful {
  let closed = false
  let again = false
  let running: Promise<void> | undefined
  const run = async (woken: boolean): Promise<void> => {
    let needed = woken
    do {
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
