import type { Output } from './command.ts'

/** Beyond it promised times and sign-in codes go wrong, ms. */
export const tolerableSkewMs = 2000

export interface Report {
  good(what: string, detail: string): void
  /** Works, and should not be left like that: no failure. */
  warn(what: string, howToMend: string): void
  bad(what: string, howToMend: string): void
  failures(): number
}

export function createReport(output: Pick<Output, 'say'>): Report {
  let failures = 0
  return {
    good: (what, detail) => output.say(`ok   ${what}: ${detail}`),
    warn: (what, howToMend) => output.say(`warn ${what}: ${howToMend}`),
    bad: (what, howToMend) => {
      failures++
      output.say(`BAD  ${what}: ${howToMend}`)
    },
    failures: () => failures,
  }
}
