import { parseArgs } from 'node:util'
import { articlesExport, articlesImport } from './articles.ts'
import { backup } from './backup.ts'
import { type Arguments, type Command, columns, helpOf, type Output, parseOptions, UsageError } from './command.ts'
import { doctor } from './doctor.ts'
import { inboxAdd } from './inbox.ts'
import { migrateCommand } from './migrate.ts'
import { oneLine } from './one-line.ts'
import { restore } from './restore.ts'
import { start } from './start.ts'
import { tokenAdd } from './token.ts'
import { userAdd, userReset } from './user.ts'

const commands: readonly Command[] = [
  start,
  migrateCommand,
  doctor,
  backup,
  restore,
  userAdd,
  userReset,
  tokenAdd,
  inboxAdd,
  articlesImport,
  articlesExport,
]

/** Resolves with the exit code; whatever goes wrong is one line, never a stack. */
export async function run(argv: readonly string[], output: Output): Promise<number> {
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => argv[index] === word))
  if (!command) return unknown(argv, output)
  try {
    const input = parse(command, argv.slice(command.name.split(' ').length))
    if (input.values['help']) {
      output.say(helpOf(command))
      return 0
    }
    return await command.run(input, output)
  } catch (error) {
    output.complain(oneLine(error))
    if (error instanceof UsageError) output.complain(`tributary ${command.name} --help says more.`)
    return error instanceof UsageError ? 2 : 1
  }
}

function parse(command: Command, args: string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args, options: parseOptions(command), allowPositionals: true })
    const expected = command.positionals?.length ?? 0
    if (!values['help'] && positionals.length !== expected)
      throw new UsageError(
        expected === 0 ? `"${positionals[0]}" is not expected.` : `Needs ${command.positionals?.join(' ')}.`,
      )
    return { values, positionals }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message)
  }
}

function unknown(argv: readonly string[], output: Output): number {
  const asked = argv[0] === undefined || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help'
  const say = asked ? output.say : output.complain
  if (!asked) say(`There is no command "${argv.join(' ')}".`)
  say('Usage: tributary COMMAND [options]')
  say('')
  for (const line of columns(commands.map(({ name, about }) => [`  ${name}`, about] as const))) say(line)
  say('')
  say('tributary COMMAND --help says more about one. Settings are environment variables: docs/configuration.md.')
  return asked ? 0 : 2
}
