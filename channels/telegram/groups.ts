import type { TelegramSettings } from './settings.ts'
import type { Bot, Entity, Message } from './wire.ts'

export interface Reading {
  readonly settings: Pick<TelegramSettings, 'groups' | 'groupThreads'>
  readonly bot: Bot
  readonly now: Date
  /** Albums of which one picture speaks to the bot: only one carries the words, and with them the mention. */
  readonly albums: ReadonlySet<string>
}

/** Why a message is left out; null: it is wanted. */
export function unwanted(message: Message, { settings, bot, albums }: Reading): string | null {
  const { chat, from, sender_chat: speaker, media_group_id: album } = message
  // Bots that answer bots never end.
  if (from?.is_bot && !speaker) return 'bot'
  if (chat.type === 'private') return null
  if (settings.groups === 'ignore') return 'group'
  if (chat.type === 'channel' || message.is_automatic_forward) return 'channelPost'
  if (settings.groups === 'all' || addressesBot(message, bot)) return null
  return album !== undefined && albums.has(album) ? null : 'notForUs'
}

/** In a group: a mention of the bot, a command for it, or an answer to it. */
export function addressesBot(message: Message, bot: Bot): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true
  const text = message.text ?? message.caption ?? ''
  const entities = message.entities ?? message.caption_entities ?? []
  return entities.some((entity) => isForBot(entity, text.slice(entity.offset, entity.offset + entity.length), bot))
}

export function isForBot({ type, user }: Entity, said: string, bot: Bot): boolean {
  const name = `@${bot.username}`.toLowerCase()
  if (type === 'mention') return said.toLowerCase() === name
  if (type === 'text_mention') return user?.id === bot.id
  // "/help" is for every bot here, "/help@other" is not for us.
  return type === 'bot_command' && (!said.includes('@') || said.toLowerCase().endsWith(name))
}
