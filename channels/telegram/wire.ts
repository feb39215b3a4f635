import { z } from 'zod'
import { each } from '../../src/channel/lenient.ts'

const id = z.int()
const seconds = z.int().min(0).max(8_640_000_000)
const text = z.string()

const user = z.object({
  id,
  ...each(z.boolean(), 'is_bot'),
  ...each(text, 'first_name', 'last_name', 'username', 'language_code'),
})
const chat = z.object({ id, type: text, ...each(text, 'title', 'username'), ...each(z.boolean(), 'is_forum') })
const file = z.object({
  file_id: text.min(1),
  ...each(text, 'file_unique_id', 'file_name', 'mime_type', 'emoji'),
  ...each(z.int().min(0), 'file_size'),
  ...each(z.boolean(), 'is_animated', 'is_video'),
})
const location = z.object({ latitude: z.number(), longitude: z.number(), ...each(z.number(), 'live_period') })
const span = z.int().min(0)
const entity = z.object({ type: text, offset: span, length: span, ...each(text, 'url'), ...each(user, 'user') })

/** Said by somebody, but not to be shown here; better named than not seen. */
export const unreadable = ['story', 'paid_media', 'game', 'invoice', 'giveaway', 'checklist', 'gift'] as const

const content = {
  ...each(text, 'text', 'caption'),
  ...each(z.array(entity), 'entities', 'caption_entities'),
  ...each(z.array(file), 'photo'),
  ...each(file, 'document', 'audio', 'voice', 'video', 'video_note', 'animation', 'sticker'),
  ...each(location, 'location'),
  ...each(z.object({ location, title: text, ...each(text, 'address') }), 'venue'),
  ...each(z.object({ phone_number: text, ...each(text, 'first_name', 'last_name') }), 'contact'),
  ...each(z.object({ question: text, options: z.array(z.object({ text })) }), 'poll'),
  ...each(z.object({ emoji: text, value: z.int() }), 'dice'),
  ...each(z.unknown(), ...unreadable),
}

const replied = z.object({ message_id: id, ...each(user, 'from'), ...each(z.unknown(), 'forum_topic_created') })
const origin = z.object({
  ...each(user, 'sender_user'),
  ...each(text, 'sender_user_name'),
  ...each(chat, 'sender_chat', 'chat'),
})

const message = z.object({
  message_id: id,
  date: seconds,
  chat,
  ...each(seconds, 'edit_date'),
  ...each(user, 'from'),
  ...each(chat, 'sender_chat'),
  ...each(id, 'message_thread_id', 'migrate_to_chat_id'),
  ...each(z.boolean(), 'is_topic_message', 'is_automatic_forward'),
  ...each(text, 'media_group_id'),
  ...each(replied, 'reply_to_message'),
  ...each(z.object({ text, ...each(z.boolean(), 'is_manual') }), 'quote'),
  ...each(origin, 'forward_origin'),
  ...content,
})
export type Message = z.output<typeof message>
export type Chat = z.output<typeof chat>
export type User = z.output<typeof user>
export type Entity = z.output<typeof entity>
export type File = z.output<typeof file>

const button = z.object({ text, ...each(text, 'callback_data') })
const markup = z.object({ inline_keyboard: z.array(z.array(button)) })
// A date of 0: the message is too old to be told again.
const pressed = message.extend(each(markup, 'reply_markup'))
const callback = z.object({ id: text.min(1), from: user, ...each(text, 'data'), ...each(pressed, 'message') })
export type Callback = z.output<typeof callback>

const reaction = z.object({
  chat,
  message_id: id,
  date: seconds,
  ...each(user, 'user'),
  ...each(chat, 'actor_chat'),
  new_reaction: z.array(z.object({ type: text, ...each(text, 'emoji') })),
})
export type Reaction = z.output<typeof reaction>

const read = {
  ...each(message, 'message', 'edited_message'),
  ...each(callback, 'callback_query'),
  ...each(reaction, 'message_reaction'),
}
export const updateShape = z.looseObject({ update_id: id, ...read })
export type Update = z.output<typeof updateShape>

/** Always sent: an absent list keeps whatever the token had before, and reactions come only when named. The last are counted. */
export const allowedUpdates = [...Object.keys(read), 'channel_post', 'edited_channel_post', 'my_chat_member']

export const botShape = z.object({ id, username: text, can_read_all_group_messages: z.boolean().default(false) })
export type Bot = z.output<typeof botShape>

/** What a send answers with. */
export const sentMessage = z.object({ message_id: id, date: seconds, chat: z.object({ id }) })
