import { commandWords } from './command-words.ts'
import type { Command } from './inbound.ts'

const names: ReadonlySet<string> = new Set(['start', ...Object.keys(commandWords['en'] ?? {})])

/** `said`: a word that the platform marks as a command ("/status", "/start@our_bot"), `rest`: what follows. null: none of ours. */
export function commandIn(said: string, rest: string): Command | null {
  const name = /^\/?([a-z]+)(?:@|$)/.exec(said.toLowerCase())?.[1] ?? ''
  const argument = rest.trim()
  return isCommand(name) ? { name, ...(argument && { argument }) } : null
}

function isCommand(name: string): name is Command['name'] {
  return names.has(name)
}
