import { withChoices } from '../../src/channel/choices.ts'
import type { OutboundContent, RenderedPart } from '../../src/channel/contract.ts'
import { cutText } from '../../src/channel/cut.ts'
import { type Block, parseMarkdown } from '../../src/channel/markdown.ts'
import { plainText } from '../../src/channel/plain-text.ts'
import { filesPerMessage, textLimit } from './capabilities.ts'

/** The text is parsed here, once: the panel in the visitor's browser has no parser. */
export interface WidgetPayload {
  readonly blocks: readonly Block[]
}

export function render(content: OutboundContent): readonly RenderedPart[] {
  const pieces = cutText(withChoices(content), textLimit)
  const files = groups(content.attachments.map((file) => file.id))
  // The files stand under the last words; more than one message holds go on in further ones.
  const last = pieces.length > 0 ? pieces.length - 1 : 0
  const count = Math.max(1, pieces.length, last + files.length)
  return Array.from({ length: count }, (_, index) => part(pieces[index] ?? '', files[index - last] ?? []))
}

function part(text: string, fileIds: readonly string[]): RenderedPart {
  const blocks = parseMarkdown(text)
  const payload: WidgetPayload = { blocks }
  return { text: plainText(blocks), length: text.length, fileIds, payload }
}

function groups(ids: readonly string[]): string[][] {
  const result: string[][] = []
  for (let from = 0; from < ids.length; from += filesPerMessage) result.push(ids.slice(from, from + filesPerMessage))
  return result
}
