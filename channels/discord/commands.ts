import { z } from 'zod'
import { commandWords } from '../../src/channel/command-words.ts'
import { commandIn } from '../../src/channel/commands.ts'
import type { Command, InboundSink } from '../../src/channel/contract.ts'
import { list } from '../../src/channel/lenient.ts'
import type { Link } from './link.ts'
import type { Pressed } from './parse.ts'
import { type Interaction, timeOf } from './wire.ts'

/** https://docs.discord.com/developers/reference#locales */
const locales: Readonly<Record<string, string>> = { zh: 'zh-CN', ja: 'ja', ko: 'ko', ru: 'ru' }
const knownSchema = list(z.object({ name: z.string() }))
const chatInput = 1

/** In servers and in direct messages with the bot; none has parameters. */
function menu(): { readonly name: string }[] {
  const { en = {}, ...others } = commandWords
  return Object.entries(en).map(([name, description]) => {
    const said = Object.entries(others).map(([language, words]) => [
      locales[language],
      words[name as keyof typeof words],
    ])
    const inWords = { description, description_localizations: Object.fromEntries(said) }
    return { name, type: chatInput, contexts: [0, 1], integration_types: [0], ...inWords }
  })
}

/** What exists stays as it is, also what is none of ours. `more`: beside those that every channel has. */
export async function ensureCommands(
  { api, applicationId }: Link,
  more: readonly { name: string }[],
  sink: InboundSink,
) {
  const path = `/applications/${applicationId}/commands`
  const known = knownSchema.parse(await api.find(path))
  for (const body of [...more, ...menu()]) {
    if (known.some(({ name }) => name === body.name)) continue
    await api.call('POST', path, { body }).catch(({ message }: Error) => {
      sink.warn(`The command /${body.name} could not be made. ${message}`)
    })
  }
}

export function commandOf({ type, data }: Interaction): Command | null {
  return type === 2 ? commandIn(data.name ?? '', '') : null
}

export function commandEvent({ id }: Interaction, command: Command, given: Pressed) {
  const about = { eventId: `i:${id}`, occurredAt: timeOf(id), externalId: id, text: `/${command.name}`, command }
  return { kind: 'message' as const, ...given, ...about }
}
