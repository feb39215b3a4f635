import type { OutboundContent, OutboundFile, RenderedPart, ThreadRef } from '../../../src/channel/contract.ts'
import type { LoopSettings } from './settings.ts'

const filesPerMessage = 4

/** What one message carries to the platform; the platform shows CommonMark as it is. */
export interface LoopPayload {
  readonly text: string
  readonly files: readonly OutboundFile[]
}

export function renderLoop(content: OutboundContent, settings: LoopSettings, _thread: ThreadRef): RenderedPart[] {
  const choices = content.choices?.map((choice, index) => `${index + 1}. ${choice.label}`) ?? []
  const whole = [content.subject, content.text, choices.join('\n')].filter((piece) => piece).join('\n\n')
  const texts = cut(whole, settings.textMax)
  const albums = groups(content.attachments, filesPerMessage)
  if (texts.length === 0 && albums.length === 0) texts.push('')
  // The first album rides on the last text, the others follow alone.
  const riders = texts.length > 0 ? albums.shift() : undefined
  return [
    ...texts.map((text, index) => part(text, index === texts.length - 1 ? (riders ?? []) : [])),
    ...albums.map((files) => part('', files)),
  ]
}

function part(text: string, files: readonly OutboundFile[]): RenderedPart {
  const payload: LoopPayload = { text, files }
  return { text, length: text.length, fileIds: files.map((file) => file.id), payload }
}

/** Cuts at white space where there is some in the second half, never inside a surrogate pair. */
function cut(text: string, max: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > max) {
    let end = Math.max(rest.lastIndexOf('\n', max), rest.lastIndexOf(' ', max))
    if (end < max / 2) end = max
    if (/[\ud800-\udbff]/.test(rest[end - 1] ?? '')) end -= 1
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  if (rest.length > 0) pieces.push(rest)
  return pieces
}

function groups<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = []
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size))
  return result
}
