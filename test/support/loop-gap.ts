import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

/** ms. */
export interface LoopGap {
  /** The longest time in which this process heard nobody. */
  readonly gap: number
  /** The same of a process that had nothing to do meanwhile: what the machine took from both. */
  readonly control: number
}

/** How long nobody may be kept waiting by one mail, ms. */
export const longestGap = 50

/** 0 where the machine alone explains it: an idle process was stopped for as long. */
export const ownGap = ({ gap, control }: LoopGap) => (gap <= control ? 0 : gap)

export interface LoopWatch {
  during(work: () => Promise<unknown>): Promise<LoopGap>
  close(): void
}

/** ms; part of every figure. */
const resolution = 1

const idle = `
  const lag = require('node:perf_hooks').monitorEventLoopDelay({ resolution: ${resolution} })
  process.on('message', (wish) => {
    if (wish === 'begin') lag.reset(), lag.enable()
    else lag.disable()
    process.send(lag.max / 1e6)
  })
  process.on('disconnect', () => process.exit())
`

export async function watchLoop(): Promise<LoopWatch> {
  const control = spawn(process.execPath, ['-e', idle], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ask = async (wish: 'begin' | 'end') => {
    const answered = once(control, 'message')
    control.send(wish)
    const [max] = (await answered) as [number]
    return max
  }
  return {
    during: async (work) => {
      await ask('begin')
      const lag = monitorEventLoopDelay({ resolution })
      lag.enable()
      // A gap lies between two of its ticks: one before the work, one behind it.
      await pause(5 * resolution)
      await work()
      await pause(5 * resolution)
      lag.disable()
      return { gap: lag.max / 1e6, control: await ask('end') }
    },
    close: () => control.disconnect(),
  }
}
