import { readFile } from 'node:fs/promises'
import { type Command, columns, required, UsageError } from './command.ts'
import { oneLine } from './one-line.ts'

type Row = Readonly<Record<string, string>>

export const botEvaluate: Command = {
  name: 'bot evaluate',
  about:
    'Trains the classifier of the bot on one file of questions and says how well it answers another. Needs no database.',
  options: {
    train: { type: 'string', value: 'FILE', about: 'CSV with the columns text and category.' },
    test: { type: 'string', value: 'FILE', about: 'CSV with the columns text and category.' },
    'out-of-scope': { type: 'string', value: 'FILE', about: 'CSV with the column text: questions to be left alone.' },
  },
  run: async ({ values }, output) => {
    const [{ evaluate }, { modelFromBytes }, { trainInThread }] = await Promise.all([
      import('../bot/evaluate.ts'),
      import('../bot/model-file.ts'),
      import('../bot/train-in-thread.ts'),
    ])
    const train = await questions(required(values, 'train'))
    const test = await questions(required(values, 'test'))
    const strangers = values['out-of-scope'] ? await rows(required(values, 'out-of-scope'), ['text']) : []
    const before = memory()
    const started = performance.now()
    const bytes = await trainInThread(train)
    const seconds = (performance.now() - started) / 1_000
    const model = modelFromBytes(bytes)
    const loaded = memory() - before
    const asked = strangers.map(({ text }) => text ?? '')
    const { threshold } = model.calibration
    const told = evaluate(model, test, asked)
    const lines: (readonly [string, string])[] = [
      [
        'trained',
        `${train.length} phrasings of ${model.classifier.categories.length} categories in ${seconds.toFixed(1)} s`,
      ],
      ['accuracy', `${told.accuracy.toFixed(4)} of ${test.length} questions`],
      ['threshold', threshold > 1 ? 'none: too few phrasings to promise a precision' : threshold.toFixed(4)],
      ['coverage', `${percent(told.coverage)} answered`],
      ['precision', told.coverage > 0 ? `${percent(told.precision)} of them rightly` : 'nothing was answered'],
      ...(told.strangersAnswered === null
        ? []
        : [['out of scope', `${percent(told.strangersAnswered)} of ${asked.length} answered`] as const]),
      ['one answer', `p50 ${told.p50.toFixed(2)} ms, p99 ${told.p99.toFixed(2)} ms`],
      [
        'memory',
        `${(loaded / 1_048_576).toFixed(0)} MiB while loaded, ${(bytes.length / 1_048_576).toFixed(0)} MiB as a file`,
      ],
    ]
    for (const line of columns(lines)) output.say(line)
    return 0
  },
}

async function questions(file: string): Promise<{ readonly text: string; readonly category: string }[]> {
  const all = await rows(file, ['text', 'category'])
  return all.map(({ text = '', category = '' }) => ({ text, category: category.trim() }))
}

async function rows(file: string, needed: readonly string[]): Promise<Row[]> {
  const { parse } = await import('csv-parse/sync')
  let parsed: Row[]
  try {
    parsed = parse<Row>(await readFile(file, 'utf8'), { columns: true, bom: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${oneLine(error)}`)
  }
  if (parsed.length === 0) throw new UsageError(`${file} holds no questions.`)
  const missing = needed.filter((name) => parsed[0]?.[name] === undefined)
  if (missing.length > 0) throw new UsageError(`${file} has no column "${missing.join('" and "')}" in its first line.`)
  const empty = parsed.findIndex((row) => needed.some((name) => row[name] === ''))
  if (empty !== -1) throw new UsageError(`${file}: question ${empty + 1} has an empty ${needed.join(' or ')}.`)
  return parsed
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
