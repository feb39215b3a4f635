import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BotModel } from '../../src/bot/bot-model.ts'
import { type Phrasing, rank, trainClassifier } from '../../src/bot/classifier.ts'
import { createBotEngine } from '../../src/bot/engine.ts'
import { type Evaluation, evaluate } from '../../src/bot/evaluate.ts'
import { modelFromBytes } from '../../src/bot/model-file.ts'
import { trainInThread } from '../../src/bot/train-in-thread.ts'
import { clincOf, crossValidation, csvOf, fewOfEach } from './bot-data.ts'
import { scaleOf } from './probe.ts'
import { type Bench, probe } from './rate.ts'
import type { Line } from './report.ts'
import { percentile } from './stats.ts'

const seconds = 20
const answerMs = 5
const loadedMiB = 150

/** Public sets of questions, where `--data` names a folder that holds them. */
export async function botBanking(bench: Bench): Promise<Line[]> {
  const file = bench.data && join(bench.data, 'banking77-train.csv')
  return file && existsSync(file) ? bankingLines(csvOf(file), bench) : []
}

export async function botClinc(bench: Bench): Promise<Line[]> {
  const file = bench.data && join(bench.data, 'clinc150-train-val.json')
  return file && existsSync(file) && !bench.quick ? clincLines(file) : []
}

async function bankingLines(all: readonly Phrasing[], bench: Bench): Promise<Line[]> {
  const times = bench.quick ? 1 : 4
  const several = (each: number) => Array.from({ length: times }, (_, index) => fewOfEach(all, each, index + 1))
  const parts = crossValidation(all, 10, 1)
  const line = (what: string, splits: Parameters<typeof accuracyOf>[0], bar: number) =>
    atLeast(`Banking77, ${what}`, accuracyOf(splits), bar)
  return [
    line('10 phrasings a category', several(10), 0.7),
    line('30 a category', several(30), 0.835),
    line('all, 10 parts', bench.quick ? parts.slice(0, 2) : parts, 0.905),
    ...(await costLines(all, bench)),
  ]
}

function accuracyOf(
  splits: readonly { readonly train: readonly Phrasing[]; readonly test: readonly Phrasing[] }[],
): number {
  let [right, asked] = [0, 0]
  for (const { train, test } of splits) {
    const machine = trainClassifier(train)
    right += test.filter(({ text, category }) => rank(machine, text, 1)[0]?.category === category).length
    asked += test.length
  }
  return right / asked
}

/** What training, one answer and the loaded model cost, with all there is to learn. */
async function costLines(all: readonly Phrasing[], bench: Bench): Promise<Line[]> {
  const started = performance.now()
  const bytes = await trainInThread(all)
  const took = (performance.now() - started) / 1_000
  const before = memoryMiB()
  const model = modelFromBytes(bytes)
  const used = memoryMiB() - before
  const scale = scaleOf((await probe(bench)).rate)
  const times = await decisionTimes(all, model)
  const p99 = percentile(times, 99)
  const measured = `p50 ${percentile(times, 50).toFixed(1)} p99 ${p99.toFixed(1)} ms`
  return [
    atMost(`training ${all.length} phrasings, calibrated`, took, { bar: seconds, scale, unit: 's' }),
    { ...atMost('one decision among as many', p99, { bar: answerMs, scale, unit: 'ms' }), measured },
    atMost('memory of the loaded model', used, { bar: loadedMiB, scale: 1, unit: 'MiB' }),
  ]
}

/** Rules, classifier, phrasings and search together, as for a customer. */
async function decisionTimes(all: readonly Phrasing[], model: BotModel): Promise<number[]> {
  const articles = model.classifier.categories.map((id) => {
    const phrasings = all.filter(({ category }) => category === id).map(({ text }) => text)
    return { id, locale: 'en', title: id.replaceAll('_', ' '), summary: '', body: '', phrasings }
  })
  const engine = createBotEngine({ articles, model })
  const times: number[] = []
  for (const [index, { text }] of all.entries()) {
    if (index % 7 > 0) continue
    const started = performance.now()
    await engine.decide({ text: `hi, ${text} thanks`, locale: 'en', misses: 0, askedBack: false })
    times.push(performance.now() - started)
  }
  // What the first ones wait for is loading, and the compiler.
  return times.slice(50)
}

async function clincLines(file: string): Promise<Line[]> {
  const { train, val, outOfScope } = clincOf(file)
  const told = evaluate(modelFromBytes(await trainInThread(train)), val, outOfScope)
  const share = (key: keyof Evaluation) => Number(told[key])
  return [
    { ...atLeast('CLINC150, accuracy however unsure', told.accuracy, 0), bar: '', result: 'info' },
    atLeast('CLINC150, answered at the threshold', share('coverage'), 0.8),
    atLeast('CLINC150, of these rightly', share('precision'), 0.97),
    atMost('CLINC150, out of scope answered', share('strangersAnswered'), { bar: 0.1, scale: 1, unit: '' }),
  ]
}

function atLeast(what: string, value: number, bar: number): Line {
  return { goal: 'bot', what, measured: value.toFixed(4), bar: `>= ${bar}`, result: value >= bar ? 'ok' : 'missed' }
}

interface Limit {
  readonly bar: number
  /** Of the machine. */
  readonly scale: number
  readonly unit: string
}

function atMost(what: string, value: number, { bar, scale, unit }: Limit): Line {
  const limit = scale === 1 ? `<= ${bar} ${unit}` : `<= ${bar} ${unit} x ${scale.toFixed(2)}`
  const measured = `${value.toFixed(unit === '' ? 4 : 1)} ${unit}`.trim()
  return { goal: 'bot', what, measured, bar: limit.trim(), result: value <= bar * scale ? 'ok' : 'missed' }
}

function memoryMiB(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_048_576
}
