import { type Probe, type ProbeTimes, runProbe } from './probe.ts'
import type { Line } from './report.ts'
import type { MeasuredServer } from './server.ts'
import { apart } from './stats.ts'

export interface Bench {
  readonly server: MeasuredServer
  readonly quick: boolean
  /** Where public sets of questions lie. */
  readonly data: string | undefined
  /** Other questions about the sample articles than those beside them. */
  readonly questions: string | undefined
  readonly probeTimes: ProbeTimes
  /** Of the whole run so far; what millisecond bars are scaled by. */
  readonly probes: Probe[]
  readonly say: (text: string) => void
}

export interface RateGoal {
  readonly goal: string
  readonly what: string
  /** Times the probe. */
  readonly bar: number
  /** Events a second. */
  readonly measure: () => Promise<number>
}

const tries = 3
const tooFarApart = 1.3

/** Probe, goal, probe; again while the two probes disagree, since then the ratio says nothing. */
export async function rateLine(bench: Bench, goal: RateGoal): Promise<Line> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await probe(bench)
    const rate = await goal.measure()
    const after = await probe(bench)
    const ratio = rate / ((before.rate + after.rate) / 2)
    const noisy = apart(before.rate, after.rate) > tooFarApart
    if (noisy && attempt < tries) continue
    return {
      goal: goal.goal,
      what: goal.what,
      measured: `${rate.toFixed(0)} msg/s`,
      bar: `>= ${goal.bar.toFixed(2)} x probe`,
      ratio,
      result: noisy ? 'noisy' : ratio >= goal.bar ? 'ok' : 'missed',
    }
  }
}

export async function probe(bench: Bench): Promise<Probe> {
  const result = await runProbe(bench.server.target, bench.server.pid, bench.probeTimes)
  bench.probes.push(result)
  return result
}
