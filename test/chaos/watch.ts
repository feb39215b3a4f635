import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { mean } from '../bench/stats.ts'
import type { AppProcess } from '../support/app-process.ts'
import type { Look } from './look.ts'

interface Sample {
  /** ms since the watch began. */
  readonly at: number
  readonly rss: number
  readonly files: number
}

/** A process's memory and open files, as the system sees them, and looks into it, which it is asked for. */
export interface Watch {
  look(): Promise<void>
  /** Means over the part of the time that lies between the two, from 0 to 1. */
  between(from: number, to: number): Readonly<Record<string, number>>
  stop(): void
}

const everyMs = 5_000

export function watch(app: AppProcess, lookFile: string, wholeMs: number): Watch {
  const start = performance.now()
  const samples: Sample[] = []
  const looks: { at: number; look: Look }[] = []
  const sample = () => samples.push({ at: performance.now() - start, rss: rssOf(app.pid), files: filesOf(app.pid) })
  sample()
  const timer = setInterval(sample, everyMs)
  return {
    look: async () => {
      const before = linesOf(lookFile).length
      await app.signal('SIGUSR2')
      for (let line: string | undefined; line === undefined; await pause(50)) {
        line = linesOf(lookFile)[before]
        if (line !== undefined) looks.push({ at: performance.now() - start, look: JSON.parse(line) as Look })
      }
    },
    between: (from, to) => {
      const within = ({ at }: { at: number }) => at >= from * wholeMs && at <= to * wholeMs
      const some = samples.filter(within)
      const seen = looks.filter(within).map(({ look }) => flat(look))
      const names = new Set(seen.flatMap((one) => Object.keys(one)))
      const means = [...names].map((name) => [name, mean(seen.map((one) => one[name] ?? 0))])
      const [rss, files] = [mean(some.map((one) => one.rss)), mean(some.map((one) => one.files))]
      return { rss, files, ...(Object.fromEntries(means) as Record<string, number>) }
    },
    stop: () => clearInterval(timer),
  }
}

function flat({ heapUsed, external, resources, signals, emitters }: Look): Record<string, number> {
  return { heap: heapUsed, external, signals, emitters, ...resources }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024
}

const filesOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length
