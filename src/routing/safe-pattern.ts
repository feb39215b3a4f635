import type { RE2JS as Engine } from 're2js'

/** Regular expressions that people write, run in time linear to the text: no pattern can stop the program. */
export type Patterns = ReadonlyMap<string, { test(text: string): boolean } | null>

// 200 kB of code that an installation without a pattern never needs.
const engine = async (): Promise<typeof Engine> => (await import('re2js')).RE2JS

/** Each as a test of text that is in lower case; null: not to be understood. */
export async function compilePatterns(patterns: Iterable<string>): Promise<Patterns> {
  const wanted = new Set(patterns)
  if (wanted.size === 0) return new Map()
  const RE2 = await engine()
  return new Map([...wanted].map((pattern) => [pattern, compiled(RE2, pattern)]))
}

function compiled(RE2: typeof Engine, pattern: string): { test(text: string): boolean } | null {
  try {
    const expression = RE2.compile(pattern.normalize('NFKC'), RE2.CASE_INSENSITIVE | RE2.DOTALL)
    // Answers yes or no only, which lets the engine take its fastest way (50 ns a character slower otherwise, and more).
    return { test: (text) => expression.test(text) }
  } catch {
    return null
  }
}

export interface PatternFault {
  readonly message: string
  /** Where in the pattern, from 0; null: as a whole. */
  readonly at: number | null
}

/** null: it can be used. */
export async function patternFault(pattern: string): Promise<PatternFault | null> {
  const RE2 = await engine()
  try {
    RE2.compile(pattern.normalize('NFKC'), RE2.CASE_INSENSITIVE | RE2.DOTALL)
    return null
  } catch (error) {
    const { error: message, input } = error as { error?: unknown; input?: unknown }
    if (typeof message !== 'string') return { message: 'cannot be used', at: null }
    const at = typeof input === 'string' && !input.startsWith('(?i') ? pattern.indexOf(input) : -1
    return { message, at: at < 0 ? null : at }
  }
}
