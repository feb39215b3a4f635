import { commandWords } from '../../src/channel/command-words.ts'
import { commandIn } from '../../src/channel/commands.ts'
import type { Command } from '../../src/channel/contract.ts'
import { within } from '../../src/channel/deadline.ts'
import type { TelegramApi } from './api.ts'
import { isForBot } from './groups.ts'
import type { Bot, Message } from './wire.ts'

const patienceMs = 10_000

/** Only at the very beginning, and said by whoever sends it; another bot's is none of ours. */
export function commandOf({ text = '', entities = [], forward_origin: forwarded }: Message, bot: Bot): Command | null {
  const first = entities.find(({ type, offset }) => type === 'bot_command' && offset === 0)
  const said = text.slice(0, first?.length ?? 0)
  return first && !forwarded && isForBot(first, said, bot) ? commandIn(said, text.slice(first.length)) : null
}

/** The menu beside the text field, in each language and, for all others, in English. Without it they can still be typed. */
export async function tellCommands({ ask, env }: TelegramApi, signal: AbortSignal): Promise<void> {
  const menus = Object.entries(commandWords).map(([language, said]) => {
    const commands = Object.entries(said).map(([command, description]) => ({ command, description }))
    const menu = { commands, ...(language !== 'en' && { language_code: language }) }
    return within(patienceMs, signal, (until) => ask('setMyCommands', menu, until))
  })
  await Promise.all(menus).catch(({ message: reason }: Error) => {
    env.log.info({ event: 'telegram.commands', reason }, 'The menu of commands could not be set.')
  })
}
