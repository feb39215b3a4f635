import type { Cells } from '../../channel-subject.ts'
import type { TelegramStandIn } from './server.ts'
import type { Chat, Held, Loose, Person } from './state.ts'

/** A private chat as its customer sees it. */
export function telegramCells(telegram: TelegramStandIn, chat: Chat, ada: Person): Cells {
  const { state } = telegram
  const ours = (id: string) =>
    state.messages.find(
      (one) => String(one.message_id) === id && one.from.id === state.bot.id && !state.removed.has(one),
    )
  const must = (id: string) => {
    const message = ours(id)
    if (!message) throw new Error('there is no such message')
    return message
  }
  const filesOf = (message: Held) =>
    [message['photo'], message['document'], message['video'], message['audio']].flat().flatMap((one) => {
      const file = state.files.get(String((one as Loose | undefined)?.['file_id']))
      return file ? [file.bytes] : []
    })
  return {
    shown: (id) => {
      const message = ours(id)
      if (!message) return undefined
      const replied = message['reply_to_message'] as Held | undefined
      const markup = message['reply_markup'] as { inline_keyboard: { text: string }[][] } | undefined
      const reactions = (state.reactions.get(message) ?? []) as { emoji: string }[]
      return {
        text: message.text ?? message.caption ?? '',
        replyTo: replied && String(replied.message_id),
        files: filesOf(message),
        buttons: markup?.inline_keyboard.flat().map(({ text }) => text) ?? [],
        reactions: reactions.map(({ emoji }) => emoji),
      }
    },
    react: (id, emoji) => telegram.react(must(id), ada, [emoji]),
    press: (id, label) => void telegram.press(must(id), ada, label),
    sendFile: (bytes) => void telegram.say(chat, ada, { document: telegram.file('a.png', bytes) }),
    typed: () => state.calls.filter(({ method }) => method === 'sendchataction').length,
  }
}
