import type { Output } from './command.ts'

export interface StopRequest {
  /** Resolves when we are to end; with the error when something else than a person ends us. */
  readonly asked: Promise<Error | undefined>
  lost(error: Error): void
  /** What a second Ctrl-C calls before the process ends at once. */
  whenForced(force: () => void): void
}

/** npm passes Ctrl-C on to a program that the terminal has already told: a repeat within this time is the same one, ms. */
const echo = 1000

export function awaitStop(output: Output): StopRequest {
  let force = () => {}
  let askedAt: number | undefined
  let resolve: (error?: Error) => void = () => {}
  const asked = new Promise<Error | undefined>((done) => {
    resolve = done
  })
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (askedAt === undefined) {
      askedAt = now
      output.complain(`${signal}: finishing what is under way. Once more ends at once.`)
      resolve()
    } else if (now - askedAt > echo) {
      force()
      process.exit(130)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return {
    asked,
    lost: (error) => {
      output.complain(error.message)
      resolve(error)
    },
    whenForced: (next) => {
      force = next
    },
  }
}
