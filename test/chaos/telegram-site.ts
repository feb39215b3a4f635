import { startTelegram } from '../support/stand-ins/telegram/server.ts'
import type { PlatformSite } from './platform-site.ts'

/** Private chats with a bot that polls. */
export async function openTelegramSite(): Promise<PlatformSite> {
  // Telegram tells whole seconds: one that has begun before the inbox was there would be history.
  const telegram = await startTelegram({ clock: () => new Date(Date.now() + 1_000) })
  const { state } = telegram
  return {
    channel: 'telegram',
    settings: { token: state.token, apiRoot: telegram.url },
    whims: state.whims,
    join: (name) => {
      const person = telegram.person({ first_name: name })
      const chat = telegram.privateChat(person)
      return async (text) => void telegram.say(chat, person, { text })
    },
    held: () =>
      state.messages
        .filter(({ from }) => from.id === state.bot.id)
        .map(({ text = '', chat }) => ({ text, chat: String(chat.id) })),
    waiting: () => state.updates.length,
    trim: () => void state.calls.splice(0),
    refuse: () => telegram.refuse(),
    resume: () => telegram.resume(),
    close: () => telegram.close(),
  }
}
