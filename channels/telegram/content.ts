import type { RemoteAttachment } from '../../src/channel/contract.ts'
import { placeText } from '../../src/channel/place-text.ts'
import { type Entity, type File, type Message, type User, unreadable } from './wire.ts'

/** null: nothing that anybody said (somebody joined, a title changed). */
export function contentOf(message: Message) {
  const attachments = attachmentsOf(message)
  const written = wordsOf(message) ?? shownOf(message)
  if (written === null && attachments.length === 0) return null
  return { text: [forwardedFrom(message), quoted(message), written ?? ''].filter(Boolean).join('\n'), attachments }
}

function wordsOf(message: Message): string | null {
  if (message.text !== undefined) return withAddresses(message.text, message.entities)
  return message.caption === undefined ? null : withAddresses(message.caption, message.caption_entities)
}

/** A link hidden behind words would be lost in plain text; offsets count UTF-16 units, as JavaScript does. */
function withAddresses(text: string, entities: readonly Entity[] = []): string {
  let result = ''
  let from = 0
  for (const { type, offset, length, url } of [...entities].sort((a, b) => a.offset + a.length - b.offset - b.length)) {
    const end = offset + length
    if (type !== 'text_link' || !url || end > text.length || end < from || text.slice(offset, end) === url) continue
    result += `${text.slice(from, end)} (${url})`
    from = end
  }
  return result + text.slice(from)
}

/** What has no words of its own, as a person would read it out; marks instead of words, so that it reads in any language. */
function shownOf(message: Message): string | null {
  const { sticker, location, venue, contact, poll, dice } = message
  if (sticker) return sticker.emoji ?? null
  if (venue) return placeText(venue.location, venue.title, venue.address)
  if (location) return placeText(location)
  if (contact) return ['👤', contact.first_name, contact.last_name, contact.phone_number].filter(Boolean).join(' ')
  if (poll) return [`📊 ${poll.question}`, ...poll.options.map((option) => `• ${option.text}`)].join('\n')
  if (dice) return `${dice.emoji} ${dice.value}`
  const other = unreadable.find((name) => message[name] !== undefined)
  return other === undefined ? null : `[${other}]`
}

function forwardedFrom({ forward_origin: origin }: Message): string {
  if (!origin) return ''
  const name = origin.sender_user ? nameOf(origin.sender_user) : origin.sender_user_name
  return `↪ ${name ?? (origin.sender_chat ?? origin.chat)?.title ?? ''}`.trim()
}

/** A passage chosen by hand says what the answer is about; the whole message is told by `replyTo`. */
function quoted({ quote }: Message): string {
  return quote?.is_manual ? quote.text.replace(/^/gm, '> ') : ''
}

export function nameOf({ first_name: first, last_name: last, username }: User): string | undefined {
  return [first, last].filter(Boolean).join(' ').trim() || username
}

/** An animation comes as a document as well, for clients that do not know animations: so it stands first. */
const media = [
  ['animation', '.mp4', 'video/mp4'],
  ['document', '', undefined],
  ['audio', '.mp3', 'audio/mpeg'],
  ['voice', '.ogg', 'audio/ogg'],
  ['video', '.mp4', 'video/mp4'],
  ['video_note', '.mp4', 'video/mp4'],
  ['sticker', '.webp', 'image/webp'],
] as const

function attachmentsOf(message: Message): RemoteAttachment[] {
  const sizes = [...(message.photo ?? [])].sort((a, b) => (a.file_size ?? 0) - (b.file_size ?? 0))
  const largest = sizes.at(-1)
  if (largest) return [attachment(largest, 'photo', '.jpg', 'image/jpeg')]
  const [kind, ending, type] = media.find(([name]) => message[name] !== undefined) ?? []
  const file = kind && message[kind]
  if (file?.is_animated) return [attachment(file, 'sticker', '.tgs', 'application/gzip')]
  if (file?.is_video) return [attachment(file, 'sticker', '.webm', 'video/webm')]
  return file ? [attachment(file, kind, ending ?? '', type)] : []
}

function attachment(file: File, kind: string, ending: string, usual: string | undefined): RemoteAttachment {
  const type = file.mime_type ?? usual
  const unique = file.file_unique_id ?? file.file_id.slice(-12)
  return {
    name: file.file_name || `${kind}-${unique}${ending}`,
    ...(type !== undefined && { type }),
    ...(file.file_size !== undefined && { size: file.file_size }),
    ref: { fileId: file.file_id },
  }
}
