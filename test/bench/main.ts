import { parseArgs } from 'node:util'
import pg from 'pg'
import { clientConfig } from '../../src/store/database.ts'
import { groups } from './groups.ts'
import { machineLine } from './machine.ts'
import { fullProbe, layProbe, probeLine } from './probe.ts'
import { type Bench, probe } from './rate.ts'
import { heading, type Line, lineOf, summary } from './report.ts'
import { startMeasuredServer } from './server.ts'
import { writeResults } from './write-results.ts'

const usage = `npm run bench -- [GROUP…] [--check] [--quick] [--write]
  groups: ${Object.keys(groups).join(', ')} (none named: all)
  --check  a missed bar ends with exit code 1 ("noisy" does not)
  --data DIR  public sets of questions for the group bot: banking77-train.csv, clinc150-train-val.json
  --questions DIR  other questions about the sample articles than content/northstar/questions, for the same group
  --quick  shorter measurements, as in CI
  --write  puts the table into docs/benchmarks.md`

const quickProbe = { warmMs: 1_000, measuredMs: 3_000 }

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      check: flag,
      quick: flag,
      write: flag,
      help: flag,
      data: { type: 'string' },
      questions: { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !(name in groups))
  if (values.help || unknown.length > 0) {
    process.stdout.write(`${unknown.length > 0 ? `No such group: ${unknown.join(', ')}\n` : ''}${usage}\n`)
    return values.help ? 0 : 2
  }
  const chosen = Object.entries(groups).filter(([name]) => positionals.length === 0 || positionals.includes(name))
  const said: string[] = []
  const say = (text: string) => {
    said.push(text)
    process.stdout.write(`${text}\n`)
  }
  const lines = await run(chosen, { quick: values.quick, data: values.data, questions: values.questions, say })
  if (values.write) await writeResults(said)
  return values.check && lines.some((line) => line.result === 'missed') ? 1 : 0
}

type Group = (typeof groups)[string]

async function run(
  chosen: readonly [string, Group][],
  wish: Pick<Bench, 'quick' | 'data' | 'questions' | 'say'>,
): Promise<Line[]> {
  const server = await startMeasuredServer()
  try {
    const bench: Bench = { ...wish, server, probes: [], probeTimes: wish.quick ? quickProbe : fullProbe }
    await layProbe(server.target)
    const client = new pg.Client(clientConfig(server.target))
    await client.connect()
    bench.say(await machineLine(client, server.kind))
    await client.end()
    bench.say(probeLine(await probe(bench), await probe(bench)))
    bench.say(heading)
    const lines: Line[] = []
    for (const [, group] of chosen) {
      for (const measure of group) {
        for (const line of await measure(bench)) {
          bench.say(lineOf(line))
          lines.push(line)
        }
      }
    }
    bench.say(summary(lines))
    return lines
  } finally {
    await server.stop()
  }
}

process.exitCode = await main()
