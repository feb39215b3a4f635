import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { campaignDatabase } from '../chaos/database.ts'
import { residentMiB } from './cpu.ts'
import type { Bench } from './rate.ts'
import type { Line } from './report.ts'
import { urlOf } from './server.ts'
import { inFolder, startProgram } from './started-program.ts'
import { median } from './stats.ts'

const barMiB = 120
const samples = 3

/** Resident memory of the app process with all roles and no inbox, after idling. The database's processes are not in it. */
export async function idleMemory(bench: Bench): Promise<Line> {
  const idleMs = bench.quick ? 25_000 : 60_000
  const target = await campaignDatabase(bench.server.target, `bench_g10_${process.pid}`)
  const figures: number[] = []
  for (let sample = 0; sample < samples; sample += 1) {
    figures.push(
      await inFolder(async (folder) => {
        const program = await startProgram({ DATABASE_URL: urlOf(target), DATA_DIR: join(folder, 'data') })
        await pause(idleMs)
        const mib = residentMiB(program.pid)
        await program.stop()
        return mib
      }),
    )
  }
  const mib = median(figures)
  return {
    goal: 'G10',
    what: `idle memory after ${idleMs / 1_000} s, no inbox`,
    measured: `${mib.toFixed(0)} MiB (${figures.map((one) => one.toFixed(0)).join(', ')})`,
    bar: `<= ${barMiB} MiB`,
    result: mib <= barMiB ? 'ok' : 'missed',
  }
}
