import type { Latencies } from './open-loop.ts'
import { scaleOf } from './probe.ts'
import { type Bench, probe } from './rate.ts'
import type { Line } from './report.ts'
import { apart } from './stats.ts'

const tries = 3
const tooFarApart = 1.3

/** A bar in milliseconds holds on a machine whose probe does 8,000 a second; here it is scaled by what the probe does now. */
export async function millisecondLine(
  bench: Bench,
  goal: { readonly goal: string; readonly what: string; readonly barMs: number },
  measure: () => Promise<Latencies>,
): Promise<Line> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await probe(bench)
    const { p50, p99, unanswered } = await measure()
    const after = await probe(bench)
    const noisy = apart(before.rate, after.rate) > tooFarApart
    const scale = scaleOf((before.rate + after.rate) / 2)
    const held = p99 <= goal.barMs * scale && unanswered === 0
    if (!held && attempt < tries && (noisy || unanswered === 0)) continue
    const lost = unanswered > 0 ? ` ${unanswered} unseen` : ''
    return {
      goal: goal.goal,
      what: goal.what,
      measured: `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms${lost}`,
      bar: `<= ${goal.barMs} ms x ${scale.toFixed(2)}`,
      result: held ? 'ok' : noisy ? 'noisy' : 'missed',
    }
  }
}
