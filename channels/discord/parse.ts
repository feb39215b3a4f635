import type { InboundEvent, RemoteAttachment, Sender, ThreadRef } from '../../src/channel/contract.ts'
import { type Interaction, type Message, timeOf, type User } from './wire.ts'

/** What a member of the server is to us; roles by their names. */
export interface Role {
  readonly nick: string | null
  readonly roles: readonly string[]
  readonly staff: boolean
  /** Not to be served. */
  readonly ignored: boolean
}

export interface Spoken {
  readonly thread: ThreadRef
  /** The title of the post that this message begins. */
  readonly subject?: string
  readonly role: Role | null
  readonly ours: boolean
  readonly raw: unknown
}

/** null: nothing that anybody said. */
export function messageEvent(message: Message, { thread, subject, role, ours, raw }: Spoken): InboundEvent | null {
  const { id, author, message_reference: reference, nonce } = message
  const attachments = attachmentsOf(message)
  const said = { eventId: `m:${id}`, thread, occurredAt: timeOf(id), raw, externalId: id, text: readable(message) }
  const replyTo = reference?.type === 1 ? undefined : reference?.message_id
  const about = { ...said, ...(replyTo && { replyTo }), ...(attachments.length > 0 && { attachments }) }
  if (ours) return { ...about, kind: 'echo', ...(nonce !== undefined && { idempotencyKey: nonce }) }
  const sender = senderOf(author, role)
  if (role?.staff) return { ...about, kind: 'echo', sender }
  return { ...about, kind: 'message', sender, ...(subject !== undefined && { subject }) }
}

/** null: the platform changed how it is shown, nobody changed a word. */
export function editEvent(message: Message, { thread, role, ours, raw }: Spoken): InboundEvent | null {
  const { id, author, edited_timestamp: edited } = message
  const at = new Date(edited ?? Number.NaN)
  if (ours || Number.isNaN(at.getTime())) return null
  const about = { eventId: `e:${id}:${at.getTime()}`, thread, occurredAt: at, raw, externalId: id }
  return { kind: 'edit', ...about, sender: senderOf(author, role), text: readable(message) }
}

export interface Pressed {
  readonly thread: ThreadRef
  readonly sender: Sender
  readonly raw: unknown
}

export function choiceEvent({ id, data, message }: Interaction, pressed: Pressed): InboundEvent | null {
  const choiceId = choiceOf(data.custom_id)
  if (!message || choiceId === null || pressed.sender.key === '') return null
  const label = buttonsIn(message.components).find((button) => button.custom_id === data.custom_id)?.label ?? choiceId
  const about = { eventId: `i:${id}`, occurredAt: timeOf(id), externalId: id, of: message.id }
  return { kind: 'choice', ...pressed, ...about, choiceId, label }
}

export const choicePrefix = 'choice:'
export const choiceOf = (customId: string): string | null =>
  customId.startsWith(choicePrefix) ? customId.slice(choicePrefix.length) : null

/** Whatever has a custom_id, however it is boxed. */
export function buttonsIn(components: unknown, depth = 0): { custom_id: string; label?: string }[] {
  if (depth > 4 || typeof components !== 'object' || components === null) return []
  if (Array.isArray(components)) return components.slice(0, 50).flatMap((one) => buttonsIn(one, depth + 1))
  const { custom_id: id, label, components: more } = components as Record<string, unknown>
  const own = typeof id === 'string' ? [{ custom_id: id, ...(typeof label === 'string' && { label }) }] : []
  return [...own, ...buttonsIn(more, depth + 1)]
}

export function senderOf(user: User | undefined, role: Role | null, language?: string): Sender {
  if (!user) return { key: '' }
  const { id: key, username, avatar } = user
  const name = role?.nick ?? user.global_name ?? username
  const roles = role?.roles.join(', ') ?? ''
  // Said also where there is nothing to say any more: what was told before would stay.
  const profile = { username, ...(role && { nickname: role.nick ?? '', roles }) }
  const picture = avatar && { name: 'avatar.png', ref: { avatar: `${key}/${avatar}` } satisfies AvatarRef }
  return { key, ...(name && { name }), ...(language && { language }), profile, ...(picture && { picture }) }
}

/** Addresses of files are signed and expire; the message they came with gives new ones. */
export type AttachmentRef = Readonly<Record<'url' | 'channel' | 'message' | 'id', string>>

export interface AvatarRef {
  readonly avatar: string
}

function attachmentsOf(message: Message): RemoteAttachment[] {
  const forwarded = message.message_snapshots.flatMap((one) => one.message.attachments)
  return [...message.attachments, ...forwarded].map(({ id, filename: name, url, content_type: type, size }) => {
    const ref: AttachmentRef = { url, channel: message.channel_id, message: message.id, id }
    return { name, ref, ...(type !== undefined && { type }), ...(size !== undefined && { size }) }
  })
}

type Said = Pick<Message, 'content' | 'embeds' | 'sticker_items' | 'poll'>

/** All that a message shows, as text. */
function readable({ mentions, message_snapshots: forwarded, ...message }: Message): string {
  const names = new Map(mentions.map((user) => [user.id, user.global_name ?? user.username]))
  const text = said(message)
    .replace(/<@!?(\d{1,20})>/g, (whole, id: string) => (names.has(id) ? `@${names.get(id)}` : whole))
    .replace(/<a?:(\w{1,40}):\d{1,20}>/g, ':$1:')
  return lines([text, ...forwarded.map((one) => `↪ ${said(one.message)}`.trim().replaceAll('\n', '\n> '))])
}

function said({ content, embeds, sticker_items: stickers, poll }: Said): string {
  // What unfurls an address says nothing that the person said.
  const cards = embeds.filter(({ type = 'rich', url }) => type === 'rich' && (!url || !content.includes(url)))
  const asked = poll && [`📊 ${poll.question.text}`, ...poll.answers.map((one) => `• ${one.poll_media.text}`)]
  return lines([content, ...stickers.map(({ name }) => `[${name}]`), ...(asked ?? []), ...cards.map(card)])
}

function card({ title, description, url, fields, footer }: Message['embeds'][number]): string {
  return lines([title, url, description, ...fields.map(({ name, value }) => `${name}: ${value}`), footer?.text])
}

const lines = (pieces: readonly (string | undefined)[]) => pieces.filter((piece) => piece).join('\n')
