import { EventEmitter } from 'node:events'
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds once garbage is collected. */
export interface Look {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  /** Sockets, timers and the like, by their kind. */
  readonly resources: Readonly<Record<string, number>>
  /** Whatever listens hangs on one of these. */
  readonly signals: number
  readonly emitters: number
}

/** At each SIGUSR2 this process appends a line to the file. Of the harness's app only. */
export function lookOnSignal(file: string): void {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  const write = async () => {
    // What is tidied up when something was collected is collected the next time.
    for (let times = 0; times < 3; times += 1) {
      collect()
      await pause(100)
    }
    appendFileSync(file, `${JSON.stringify(look())}\n`)
  }
  process.on('SIGUSR2', () => void write())
}

function look(): Look {
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { rss, heapUsed, external } = process.memoryUsage()
  const signals = queryObjects(AbortSignal, { format: 'count' })
  const emitters = queryObjects(EventEmitter, { format: 'count' })
  return { rss, heapUsed, external, resources, signals, emitters }
}
