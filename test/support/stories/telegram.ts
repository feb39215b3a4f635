import { parseUpdates } from '../../../channels/telegram/parse.ts'
import type { TellerOf } from './story.ts'

const bot = { id: 110201543, username: 'northstar_help_bot', can_read_all_group_messages: true }
const settings = { groups: 'all', groupThreads: 'chat' } as const

/** Updates of the Bot API about one private chat. */
export const telegramStory: TellerOf = (run) => {
  const person = { id: 5_000_000 + run, is_bot: false, first_name: 'Ada' }
  const chat = { id: person.id, type: 'private', first_name: 'Ada' }
  const emoji = (reactions: readonly string[]) => reactions.map((one) => ({ type: 'emoji', emoji: one }))
  return {
    does: ['edit', 'react'],
    externalId: (n) => String(n + 1),
    tell: ({ does, n, k, at, text, reactions }, all) => {
      const date = at.getTime() / 1_000
      const said = all.find((one) => one.does === 'say' && one.n === n)
      const message = { message_id: n + 1, from: person, chat, date: (said?.at.getTime() ?? 0) / 1_000, text }
      const reaction = { chat, message_id: n + 1, user: person, date, old_reaction: [] }
      const update = { update_id: run * 100 + k }
      if (does === 'react') return { ...update, message_reaction: { ...reaction, new_reaction: emoji(reactions) } }
      return does === 'edit' ? { ...update, edited_message: { ...message, edit_date: date } } : { ...update, message }
    },
    hear: (told) => parseUpdates([told], { settings, bot, now: new Date(), albums: new Set() }).events,
  }
}
