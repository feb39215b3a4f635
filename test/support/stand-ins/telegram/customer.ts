import { addMessage, type Chat, type Held, keepFile, type Loose, type Person, type State, seconds } from './state.ts'
import type { Updates } from './updates.ts'

/** What the other side does. Everything arrives as an update, if the bot asked for such. */
export interface Customers {
  person(wish?: Partial<Person>): Person
  privateChat(person: Person): Chat
  group(wish?: Partial<Chat>): Chat
  /** Anything that a message may hold: `{ text }`, `{ photo }`, `{ location }`… */
  say(chat: Chat, from: Person, content: Loose): Held
  file(name: string, bytes: Buffer, declared?: number): Loose
  photo(bytes: Buffer): Loose[]
  album(chat: Chat, from: Person, items: readonly Loose[]): Held[]
  /** One more picture of an album that has begun. */
  edit(message: Held, change: Loose): void
  react(message: Held, from: Person, emoji: readonly string[]): void
  press(message: Held, from: Person, label: string): string
  block(chat: Chat): void
  unblock(chat: Chat): void
  /** The group becomes a supergroup with another id. */
  migrate(chat: Chat): Chat
}

export function createCustomers(state: State, updates: Updates): Customers {
  let people = 4_000_000
  const know = (chat: Chat) => {
    state.chats.set(chat.id, chat)
    return chat
  }
  const say: Customers['say'] = (chat, from, content) => {
    const message = addMessage(state, chat, from, content)
    updates.happen('message', message)
    return message
  }
  const file: Customers['file'] = (name, bytes, declared) => {
    const { id, unique } = keepFile(state, bytes, name, declared)
    return { file_id: id, file_unique_id: unique, file_name: name, file_size: declared ?? bytes.length }
  }
  return {
    person: (wish = {}) => {
      people += 1
      return { id: people, is_bot: false, first_name: 'Ada', last_name: 'Lovelace', language_code: 'en', ...wish }
    },
    privateChat: ({ id, first_name }) => know({ id, type: 'private', first_name }),
    group: (wish = {}) => know({ id: -4_002_211, type: 'group', title: 'Northstar users', ...wish }),
    say,
    file,
    photo: (bytes) => {
      const { file_name: _none, ...large } = file('photo.jpg', bytes)
      const small = { file_id: 'thumb', file_unique_id: 'thumb', file_size: 10, width: 90, height: 67 }
      return [small, { ...large, width: 800, height: 600 }]
    },
    album: (chat, from, items) => {
      const group = String(13_000_000_000 + state.messages.length)
      return items.map((item) => say(chat, from, { media_group_id: group, ...item }))
    },
    edit: (message, change) => {
      Object.assign(message, change, { edit_date: seconds(state) })
      updates.happen('edited_message', structuredClone(message))
    },
    react: (message, user, emoji) => {
      const reactions = emoji.map((one) => ({ type: 'emoji', emoji: one }))
      const { chat, message_id } = message
      const body = { chat, message_id, user, date: seconds(state), old_reaction: [], new_reaction: reactions }
      updates.happen('message_reaction', body)
    },
    press: (message, from, label) => {
      const { inline_keyboard: rows } = message['reply_markup'] as { inline_keyboard: Record<string, string>[][] }
      const button = rows.flat().find((one) => one['text'] === label)
      const id = String(4_382_000_000 + state.callbacks.size)
      state.callbacks.set(id, 'open')
      updates.happen('callback_query', { id, from, message, chat_instance: '1', data: button?.['callback_data'] })
      return id
    },
    block: (chat) => {
      state.blocked.add(chat.id)
      const me = { user: state.bot }
      const date = seconds(state)
      const change = { old_chat_member: { ...me, status: 'member' }, new_chat_member: { ...me, status: 'kicked' } }
      updates.happen('my_chat_member', { chat, from: { id: chat.id, is_bot: false }, date, ...change })
    },
    unblock: (chat) => void state.blocked.delete(chat.id),
    migrate: (chat) => {
      const to = know({ ...chat, id: -1_000_000_000_000 + chat.id, type: 'supergroup' })
      state.migrated.set(chat.id, to.id)
      say(chat, { ...state.bot, id: 1_087_968_824, username: 'GroupAnonymousBot' }, { migrate_to_chat_id: to.id })
      return to
    },
  }
}
