import type { BotModel } from './bot-model.ts'
import { confidence } from './calibration.ts'
import { type Phrasing, rank } from './classifier.ts'

export interface Evaluation {
  /** Of all test questions, however unsure: the best category is the right one. */
  readonly accuracy: number
  /** Of all test questions: sure enough to answer. */
  readonly coverage: number
  /** Of the answered test questions: right. */
  readonly precision: number
  /** Of questions that no category is for: answered all the same. Null: there were none. */
  readonly strangersAnswered: number | null
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

export function evaluate(model: BotModel, test: readonly Phrasing[], strangers: readonly string[] = []): Evaluation {
  const times: number[] = []
  const ask = (text: string) => {
    const started = performance.now()
    const ranked = rank(model.classifier, text)
    const sure = confidence(model.calibration, ranked) >= model.calibration.threshold
    times.push(performance.now() - started)
    return { best: ranked[0]?.category, sure }
  }
  const asked = test.map(({ text, category }) => {
    const { best, sure } = ask(text)
    return { right: best === category, sure }
  })
  const answered = asked.filter(({ sure }) => sure)
  const wrongly = strangers.filter((text) => ask(text).sure).length
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return {
    accuracy: share(asked.filter(({ right }) => right).length, asked.length),
    coverage: share(answered.length, asked.length),
    precision: share(answered.filter(({ right }) => right).length, answered.length),
    strangersAnswered: strangers.length > 0 ? wrongly / strangers.length : null,
    p50: at(0.5),
    p99: at(0.99),
  }
}

function share(some: number, all: number): number {
  return all === 0 ? 0 : some / all
}
