import { join } from 'node:path'
import { campaignDatabase } from '../chaos/database.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { urlOf } from './server.ts'
import { inFolder, startProgram } from './started-program.ts'
import { median } from './stats.ts'

/** From `tributary start` to the first 200 of /readyz, once built: three bars. */
export async function coldStart(bench: Bench): Promise<Line[]> {
  // The first start of a checkout may have to build; that is no start.
  await inFolder((folder) => startOnce({ DATA_DIR: join(folder, 'data') }))
  return [await databaseUp(bench), ...(await embedded())]
}

async function startOnce(env: Record<string, string>): Promise<number> {
  const program = await startProgram(env)
  await program.stop()
  return program.readyMs
}

async function databaseUp(bench: Bench): Promise<Line> {
  const target = await campaignDatabase(bench.server.target, `bench_g11_${process.pid}`)
  const ms = await inFolder(async (folder) => {
    const env = { DATABASE_URL: urlOf(target), DATA_DIR: join(folder, 'data') }
    return median([await startOnce(env), await startOnce(env), await startOnce(env)])
  })
  return line('database up', ms, 1_000)
}

async function embedded(): Promise<Line[]> {
  return inFolder(async (folder) => {
    const env = { DATA_DIR: join(folder, 'data') }
    const first = await startOnce(env)
    const later = median([await startOnce(env), await startOnce(env), await startOnce(env)])
    return [line('embedded database included', later, 4_000), line('first ever', first, 10_000)]
  })
}

function line(what: string, ms: number, barMs: number): Line {
  return {
    goal: 'G11',
    what: `start: ${what}`,
    measured: `${ms.toFixed(0)} ms`,
    bar: `<= ${barMs} ms`,
    result: ms <= barMs ? 'ok' : 'missed',
  }
}
