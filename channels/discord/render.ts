import { withChoices } from '../../src/channel/choices.ts'
import type { OutboundContent, OutboundFile, RenderedPart } from '../../src/channel/contract.ts'
import { fileGroups } from '../../src/channel/file-groups.ts'
import { asMarkdown } from '../../src/channel/marked-markdown.ts'
import { cutMarked, markedText } from '../../src/channel/marked-text.ts'
import { fileBytes, filesPerMessage, textLimit } from './capabilities.ts'
import { choicePrefix } from './parse.ts'

export interface DiscordPayload {
  readonly content: string
  readonly files: readonly OutboundFile[]
  readonly components?: readonly unknown[]
  /** Of several parts only the first quotes what it answers. */
  readonly first?: boolean
}

const labelMax = 80
const idMax = 100
const buttonsMax = 25

export function render(content: OutboundContent): readonly RenderedPart[] {
  const buttons = buttonsOf(content.choices ?? [])
  const whole = markedText(buttons ? content.text : withChoices(content))
  const pieces = cutMarked(whole, textLimit, (piece) => asMarkdown(piece).length)
  const files = fileGroups(content.attachments, filesPerMessage, fileBytes)
  // The files stand under the last words; more than one message holds go on in further ones.
  const last = Math.max(0, pieces.length - 1)
  const count = Math.max(1, pieces.length, last + files.length)
  return Array.from({ length: count }, (_, index) => {
    const piece = pieces[index] ?? { text: '', marks: [] }
    const carried = files[index - last] ?? []
    const under = buttons && index === count - 1 && { components: buttons }
    const payload: DiscordPayload = {
      content: asMarkdown(piece),
      files: carried,
      ...under,
      ...(index === 0 && { first: true }),
    }
    return { text: piece.text, length: payload.content.length, fileIds: carried.map(({ id }) => id), payload }
  })
}

/** Rows of five; null where one does not fit a button: then all are a numbered list. */
function buttonsOf(choices: NonNullable<OutboundContent['choices']>): readonly unknown[] | null {
  const fit = ({ id, label }: { id: string; label: string }) =>
    label.trim() !== '' && label.length <= labelMax && choicePrefix.length + id.length <= idMax
  if (choices.length === 0 || choices.length > buttonsMax || !choices.every(fit)) return null
  const buttons = choices.map(({ id, label }) => ({ type: 2, style: 2, label, custom_id: `${choicePrefix}${id}` }))
  const rows = Array.from({ length: Math.ceil(buttons.length / 5) }, (_, row) => buttons.slice(row * 5, row * 5 + 5))
  return rows.map((components) => ({ type: 1, components }))
}
