import type { Cells } from '../../channel-subject.ts'
import type { DiscordPlatform } from './platform.ts'
import type { Channel, User } from './state.ts'

interface Component {
  readonly label?: string
  readonly custom_id?: string
  readonly components?: readonly Component[]
}
const buttonsOf = (all: readonly unknown[]): Component[] =>
  (all as Component[]).flatMap((one) => (one.components ? buttonsOf(one.components) : one.label ? [one] : []))

/** A thread as its customer sees it. */
export function discordCells(platform: DiscordPlatform, thread: Channel, customer: User): Cells {
  const { state } = platform
  const ours = (id: string) =>
    (state.messages.get(thread.id) ?? []).find((one) => one.id === id && one.author.id === state.bot.id)
  const must = (id: string) => {
    const message = ours(id)
    if (!message) throw new Error('there is no such message')
    return message
  }
  return {
    shown: (id) => {
      const message = ours(id)
      if (!message) return undefined
      const reference = message.more['message_reference'] as { message_id?: string } | undefined
      const given = [...message.reactions].flatMap(([emoji, who]) => (who.has(state.bot.id) ? [emoji] : []))
      return {
        text: message.content,
        replyTo: reference?.message_id,
        files: message.attachments.flatMap((one) => state.files.get(one.id) ?? []),
        buttons: buttonsOf(message.components).map(({ label = '' }) => label),
        reactions: given,
      }
    },
    react: (id, emoji) => platform.react(must(id), customer, emoji),
    press: (id, label) => {
      const message = must(id)
      const button = buttonsOf(message.components).find((one) => one.label === label)
      platform.interact(thread, customer, {
        type: 3,
        message,
        data: { custom_id: button?.custom_id, component_type: 2 },
      })
    },
    type: () => platform.types(thread, customer),
    sendFile: (bytes) => {
      platform.write(thread, customer, 'a file', { files: [{ name: 'a.png', type: 'image/png', bytes }] })
    },
    typed: () => state.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/typing')).length,
  }
}
