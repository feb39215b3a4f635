import type { ParseArgsConfig } from 'node:util'

export interface Output {
  /** For people and scripts, on standard output. */
  say(line: string): void
  /** On standard error. */
  complain(line: string): void
}

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

export interface Arguments {
  readonly values: Values
  readonly positionals: readonly string[]
}

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** What stands for the value in the help. */
  readonly value?: string
  readonly about: string
}

export interface Command {
  /** One or two words: `start`, `user add`. */
  readonly name: string
  readonly about: string
  readonly positionals?: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** Resolves with the exit code. */
  run(input: Arguments, output: Output): Promise<number>
}

/** Somebody called a command wrongly; the message says how to call it. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

export function parseOptions(command: Command): NonNullable<ParseArgsConfig['options']> {
  const entries = Object.entries(command.options).map(([name, { type, multiple = false }]) => [
    name,
    { type, multiple },
  ])
  return { ...Object.fromEntries(entries), help: { type: 'boolean', short: 'h' } }
}

export function required(values: Values, name: string): string {
  const value = values[name]
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  throw new UsageError(`--${name} is missing.`)
}

export function several(values: Values, name: string): readonly string[] {
  const value = values[name]
  return Array.isArray(value) ? value.map(String) : []
}

export function helpOf(command: Command): string {
  const positionals = (command.positionals ?? []).map((name) => ` ${name}`).join('')
  const rows = Object.entries({ ...command.options, help: { about: 'Shows this.' } as Option }).map(
    ([name, { value, about }]) => [`  --${name}${value ? ` ${value}` : ''}`, about] as const,
  )
  return [`Usage: tributary ${command.name}${positionals} [options]`, '', command.about, '', ...columns(rows)].join(
    '\n',
  )
}

export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`.trimEnd())
}
