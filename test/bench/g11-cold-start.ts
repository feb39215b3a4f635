import { join } from 'node:path'
import { campaignDatabase } from '../chaos/database.ts'
import { scaleOf } from './probe.ts'
import { type Bench, probe } from './rate.ts'
import type { Line } from './report.ts'
import { urlOf } from './server.ts'
import { inFolder, startProgram } from './started-program.ts'
import { median } from './stats.ts'

/** From `tributary start` to the first 200 of /readyz, once built: three bars, scaled as every bar of time. */
export async function coldStart(bench: Bench): Promise<Line[]> {
  // The first start of a checkout may have to build; that is no start.
  await inFolder((folder) => startOnce({ DATA_DIR: join(folder, 'data') }))
  const before = await probe(bench)
  const upMs = await databaseUp(bench)
  const { firstMs, laterMs } = await embedded()
  const after = await probe(bench)
  const scale = scaleOf((before.rate + after.rate) / 2)
  return [
    line('database up', upMs, 1_000, scale),
    line('embedded database included', laterMs, 4_000, scale),
    line('first ever', firstMs, 10_000, scale),
  ]
}

async function startOnce(env: Record<string, string>): Promise<number> {
  const program = await startProgram(env)
  await program.stop()
  return program.readyMs
}

async function databaseUp(bench: Bench): Promise<number> {
  const target = await campaignDatabase(bench.server.target, `bench_g11_${process.pid}`)
  return inFolder(async (folder) => {
    const env = { DATABASE_URL: urlOf(target), DATA_DIR: join(folder, 'data') }
    return median([await startOnce(env), await startOnce(env), await startOnce(env)])
  })
}

async function embedded(): Promise<{ firstMs: number; laterMs: number }> {
  return inFolder(async (folder) => {
    const env = { DATA_DIR: join(folder, 'data') }
    const firstMs = await startOnce(env)
    return { firstMs, laterMs: median([await startOnce(env), await startOnce(env), await startOnce(env)]) }
  })
}

function line(what: string, ms: number, barMs: number, scale: number): Line {
  return {
    goal: 'G11',
    what: `start: ${what}`,
    measured: `${ms.toFixed(0)} ms`,
    bar: `<= ${barMs} ms x ${scale.toFixed(2)}`,
    result: ms <= barMs * scale ? 'ok' : 'missed',
  }
}
