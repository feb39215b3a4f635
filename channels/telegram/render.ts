import { withChoices } from '../../src/channel/choices.ts'
import type { OutboundContent, OutboundFile, RenderedPart } from '../../src/channel/contract.ts'
import { cutMarked, type Mark, type MarkedText, markedText } from '../../src/channel/marked-text.ts'
import { albumMax, captionMax, photoBytes, textMax } from './capabilities.ts'
import { choicePrefix } from './parse.ts'

export type MediaKind = 'photo' | 'video' | 'audio' | 'document'

export interface Media extends Pick<OutboundFile, 'id' | 'name'> {
  readonly kind: MediaKind
}

/** One message, or one album. Plain JSON: it waits in the outbox. */
export interface TelegramPayload extends MarkedText {
  readonly media: readonly Media[]
  readonly buttons?: readonly { readonly text: string; readonly callback_data: string }[]
  /** Of several parts only the first quotes what it answers. */
  readonly first: boolean
}

export function render(content: OutboundContent): readonly RenderedPart[] {
  const buttons = buttonsOf(content)
  const whole = markedText(buttons ? content.text : withChoices(content))
  const albums = albumsOf(content.attachments)
  // Buttons stand under a text; an album cannot carry them.
  const captioned = albums.length > 0 && !buttons && whole.text.length <= captionMax
  const pieces = cutMarked(whole, textMax)
  const texts = captioned ? [] : pieces
  if (texts.length === 0 && (buttons || albums.length === 0)) texts.push({ ...nothing, text: buttons ? '⬇️' : '' })
  const drafts = [
    ...texts.map((text) => ({ ...text, media: [] as readonly Media[] })),
    ...albums.map((media, index) => ({ ...((captioned && index === 0 && pieces[0]) || nothing), media })),
  ]
  return drafts.map(({ text, marks, media }, index) => {
    const under = buttons && index === texts.length - 1 && { buttons }
    const payload: TelegramPayload = { text, marks, media, first: index === 0, ...under }
    return { text, length: text.length, fileIds: media.map((file) => file.id), payload }
  })
}

const nothing: MarkedText = { text: '', marks: [] }

/** null: none, or one whose id is longer than a button carries (64 bytes). */
function buttonsOf({ choices }: OutboundContent): TelegramPayload['buttons'] | null {
  if (!choices?.length) return null
  const buttons = choices.map(({ id, label }) => ({ text: label, callback_data: choicePrefix + id }))
  return buttons.every((one) => Buffer.byteLength(one.callback_data) <= 64 && one.text.trim() !== '') ? buttons : null
}

const shelves = { photo: 1, video: 1, audio: 2, document: 3 } as const

/** Neighbours of one sort go together, as Telegram mixes no others; their order stays. */
function albumsOf(files: readonly OutboundFile[]): Media[][] {
  const albums: Media[][] = []
  for (const file of files) {
    const media = { id: file.id, kind: kindOf(file), name: file.name }
    const last = albums.at(-1)
    if (last?.[0] && last.length < albumMax && shelves[last[0].kind] === shelves[media.kind]) last.push(media)
    else albums.push([media])
  }
  return albums
}

function kindOf({ type, size }: OutboundFile): MediaKind {
  if (/^image\/(?:jpeg|png|webp)$/.test(type) && size <= photoBytes) return 'photo'
  if (type === 'video/mp4') return 'video'
  return /^audio\/(?:mpeg|mp4|x-m4a)$/.test(type) ? 'audio' : 'document'
}

/** https://core.telegram.org/bots/api#messageentity; only what it has, in its own names. */
export function entitiesOf(marks: readonly Mark[]) {
  return marks.map(({ kind, ...mark }) => ({ ...mark, type: entityTypes[kind] ?? kind }))
}
const entityTypes: Partial<Record<Mark['kind'], string>> = { codeBlock: 'pre', link: 'text_link', quote: 'blockquote' }
