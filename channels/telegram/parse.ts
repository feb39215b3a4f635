import type { InboundBatch, InboundEvent, InboundMessage, Sender, ThreadRef } from '../../src/channel/contract.ts'
import { commandOf } from './commands.ts'
import { contentOf, nameOf } from './content.ts'
import { addressesBot, type Reading, unwanted } from './groups.ts'
import { externalIdOf, threadOf } from './place.ts'
import { type Callback, type Message, type Reaction, type Update, updateShape } from './wire.ts'

/** Begins every button of ours; what lies behind it is the choice's id. */
export const choicePrefix = 'c:'

export interface Parsed extends Required<Pick<InboundBatch, 'events' | 'ignored'>> {
  /** Buttons that somebody pressed and that show a clock until they are answered. */
  readonly callbacks: readonly string[]
  /** Those of `reading` and what these updates add; the rest of an album may come with a later call. */
  readonly albums: ReadonlySet<string>
}

type Outcome = readonly InboundEvent[] | { readonly reason: string }

/** Never throws: what cannot be understood, or is not wanted, is counted with a reason. */
export function parseUpdates(told: readonly unknown[], reading: Reading): Parsed {
  const events: InboundEvent[] = []
  const ignored: { reason: string }[] = []
  const updates = told.map((one) => updateShape.safeParse(one).data)
  const albums = new Set(reading.albums)
  for (const message of updates.flatMap((update) => update?.message ?? [])) {
    if (message.media_group_id !== undefined && addressesBot(message, reading.bot)) albums.add(message.media_group_id)
  }
  updates.forEach((update, index) => {
    const outcome = update ? parseUpdate(update, told[index], { ...reading, albums }) : { reason: 'malformed' }
    if ('reason' in outcome) ignored.push(outcome)
    else events.push(...outcome)
  })
  return { events, ignored, callbacks: updates.flatMap((update) => update?.callback_query?.id ?? []), albums }
}

function parseUpdate(update: Update, raw: unknown, reading: Reading): Outcome {
  const id = `u${update.update_id}`
  const { message, edited_message: edited, callback_query: callback, message_reaction: reaction } = update
  if (message) return spoken(message, { id, raw }, reading)
  if (edited) return rewritten(edited, { id, raw }, reading)
  if (callback) return pressed(callback, raw, reading)
  if (reaction) return reacted(reaction, { id, raw }, reading)
  const kind = Object.keys(update).find((key) => key !== 'update_id' && !(key in updateShape.shape))
  return { reason: kind?.slice(0, 60) ?? 'malformed' }
}

interface Told {
  readonly id: string
  readonly raw: unknown
}

/** Update ids begin anew after a quiet week, so the date belongs to them. */
function about({ id, raw }: Told, seconds: number) {
  return { eventId: `${id}.${seconds}`, occurredAt: new Date(seconds * 1_000), raw }
}

function spoken(message: Message, told: Told, reading: Reading): Outcome {
  const { chat, date, migrate_to_chat_id: to } = message
  if (to !== undefined && reading.settings.groups !== 'ignore') {
    const there = threadOf({ chat: to }, { ...chat, type: 'supergroup' })
    const thread = threadOf({ chat: chat.id }, chat)
    const prefix = { from: `${thread.key}~`, to: `${there.key}~` }
    return [{ kind: 'moved', ...about(told, date), thread, to: there, prefix }]
  }
  const event = messageEvent(message, told, reading)
  return 'reason' in event ? event : [event]
}

function messageEvent(message: Message, told: Told, reading: Reading): InboundMessage | { readonly reason: string } {
  const reason = unwanted(message, reading)
  if (reason !== null) return { reason }
  const content = contentOf(message)
  if (!content) return { reason: 'serviceMessage' }
  const { chat, reply_to_message: reply, media_group_id: album } = message
  const command = commandOf(message, reading.bot)
  return {
    kind: 'message',
    ...about(told, message.date),
    ...content,
    thread: threadFor(message, reading),
    sender: senderOf(message),
    externalId: externalIdOf(chat.id, message.message_id),
    ...(command && { command }),
    // In a topic everything "answers" the message that made the topic.
    ...(reply && reply.forum_topic_created === undefined && { replyTo: externalIdOf(chat.id, reply.message_id) }),
    ...(album !== undefined && { groupKey: `${chat.id}:${album}` }),
  }
}

function rewritten(message: Message, told: Told, reading: Reading): Outcome {
  // A live location changes every few seconds, for hours: no versions of what somebody said, but for the place where it ended.
  if (message.location?.live_period !== undefined) return { reason: 'liveLocation' }
  const whole = messageEvent(message, told, reading)
  if ('reason' in whole) return whole
  const { thread, externalId, text, sender } = whole
  const when = about(told, message.edit_date ?? message.date)
  const edit: InboundEvent = { kind: 'edit', ...when, thread, externalId, text, sender }
  // The mention may have come with the edit: then the message was not taken before, and is now.
  const late = message.chat.type !== 'private' && reading.settings.groups === 'mentions'
  return late && !whole.groupKey ? [{ ...whole, eventId: `${when.eventId}.late` }, edit] : [edit]
}

function pressed({ id, message, from, data }: Callback, raw: unknown, reading: Reading): Outcome {
  if (!message || !data?.startsWith(choicePrefix)) return { reason: 'foreignButton' }
  const choiceId = data.slice(choicePrefix.length)
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? []
  const choice: InboundEvent = {
    kind: 'choice',
    eventId: `callback:${id}`,
    thread: threadFor({ ...message, from, sender_chat: undefined }, reading),
    sender: senderOf({ from }),
    externalId: `callback:${id}`,
    of: externalIdOf(message.chat.id, message.message_id),
    choiceId,
    label: buttons.find((button) => button.callback_data === data)?.text ?? choiceId,
    // Telegram does not say when it was pressed.
    occurredAt: reading.now,
    raw,
  }
  return [choice]
}

function reacted(reaction: Reaction, told: Told, reading: Reading): Outcome {
  const { chat, user: from, actor_chat: speaker } = reaction
  if (reading.settings.groups === 'ignore' && chat.type !== 'private') return { reason: 'group' }
  // A reaction does not say in which topic its message stands.
  if (chat.is_forum) return { reason: 'reactionInTopic' }
  const by = { from, sender_chat: speaker }
  const event: InboundEvent = {
    kind: 'reaction',
    ...about(told, reaction.date),
    thread: threadFor({ chat, ...by }, reading),
    sender: senderOf(by),
    externalId: externalIdOf(chat.id, reaction.message_id),
    // Emoji of somebody's own making have no name.
    reactions: reaction.new_reaction.map(({ type, emoji }) => emoji ?? (type === 'paid' ? '⭐' : '✨')),
  }
  return [event]
}

function threadFor(message: Partial<Message> & Pick<Message, 'chat'>, { settings }: Reading): ThreadRef {
  const { chat, from, sender_chat: speaker, is_topic_message: inTopic, message_thread_id: topic } = message
  const asker = speaker?.id ?? from?.id
  const perPerson = chat.type !== 'private' && settings.groupThreads === 'person' && asker !== undefined
  const place = { chat: chat.id, ...(inTopic && topic !== undefined && { topic }), ...(perPerson && { asker }) }
  return threadOf(place, chat)
}

/** Whoever writes in the name of a group or a channel is that group or channel. */
function senderOf({ from, sender_chat: speaker }: Pick<Partial<Message>, 'from' | 'sender_chat'>): Sender {
  if (speaker || !from) {
    const name = speaker?.title ?? speaker?.username
    return { key: `chat:${speaker?.id ?? 0}`, ...(name !== undefined && { name }) }
  }
  const { username, language_code: language } = from
  const name = nameOf(from)
  return {
    key: `user:${from.id}`,
    ...(name !== undefined && { name }),
    ...(language && { language }),
    ...(username && { profile: { username } }),
    // An update does not say whether they have one, nor when it changed.
    picture: { name: 'portrait.jpg', ref: { person: from.id } },
  }
}
