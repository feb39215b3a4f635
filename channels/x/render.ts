import { createRequire } from 'node:module'
import { withChoices } from '../../src/channel/choices.ts'
import type { OutboundContent, OutboundFile, RenderedPart, ThreadRef } from '../../src/channel/contract.ts'
import { cutText, type Measure, utf16Length } from '../../src/channel/cut.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { fileFault, fileSentence } from '../../src/channel/file-fault.ts'
import { parseMarkdown } from '../../src/channel/markdown.ts'
import { plainText } from '../../src/channel/plain-text.ts'
import { closed, dmLimit, kinds, largest, picturesPerPost, postLimit } from './capabilities.ts'

export type MediaKind = keyof typeof largest
export interface XFile extends OutboundFile {
  readonly kind: MediaKind
}
export interface XPayload {
  readonly text: string
  readonly files: readonly XFile[]
}

const require = createRequire(import.meta.url)

/** Loaded with the first public reply: rendering is synchronous, and nobody else needs it. */
const weighted: Measure = (text) => {
  const { parseTweet } = require('twitter-text') as typeof import('twitter-text')
  return parseTweet(text).weightedLength
}

export function render(content: OutboundContent, thread: ThreadRef): RenderedPart[] {
  refuseUnanswerable(thread)
  const isPublic = thread.audience === 'public'
  const text = wellFormed(plainText(parseMarkdown(withChoices(content)))).trim()
  const pieces = isPublic ? numbered(text) : cutText(text, dmLimit).map((piece) => ({ piece, whole: piece }))
  const groups = grouped(content.attachments.map(checked), isPublic ? picturesPerPost : 1)
  if (pieces.length === 0 && groups.length === 0) pieces.push({ piece: '', whole: '' })
  // The first files ride on the last words, the others follow alone.
  const riders = pieces.length > 0 ? groups.shift() : undefined
  const measure = isPublic ? weighted : utf16Length
  const part = (piece: string, whole: string, files: readonly XFile[]): RenderedPart => {
    const payload: XPayload = { text: whole, files }
    return { text: piece, length: measure(whole), fileIds: files.map(({ id }) => id), payload }
  }
  return [
    ...pieces.map(({ piece, whole }, index) => part(piece, whole, index === pieces.length - 1 ? (riders ?? []) : [])),
    ...groups.map((files) => part('', '', files)),
  ]
}

function refuseUnanswerable({ kind }: ThreadRef): void {
  const why = closed[kind]
  if (why) throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, why)
}

/** UTF-16 units; some fifty posts. Counting as X counts takes seconds for what is longer and hostile. */
const longestAnswer = 15_000

/** Posts of more than one part say which of how many they are; the number has its share of the limit. */
function numbered(text: string): { piece: string; whole: string }[] {
  if (text === '') return []
  if (text.length > longestAnswer) {
    const sentence = 'This is too long for an answer in public. Shorten it, or ask them to write a direct message.'
    throw new ChannelError({ kind: 'rejected', reason: 'tooLarge' }, sentence)
  }
  if (weighted(text) <= postLimit) return [{ piece: text, whole: text }]
  for (let digits = 1; ; digits++) {
    const pieces = cutText(text, postLimit - 4 - 2 * digits, weighted)
    if (String(pieces.length).length > digits) continue
    return pieces.map((piece, index) => ({ piece, whole: `${piece} (${index + 1}/${pieces.length})` }))
  }
}

/** Half characters cannot travel, and X refuses a text with one of the marks of byte order. */
function wellFormed(text: string): string {
  return Buffer.from(text)
    .toString()
    .replace(/[\0\ufffe\ufeff\uffff]/g, '')
}

function checked(file: OutboundFile): XFile {
  const fault = fileFault({ maxBytes: largest.video, kinds }, file)
  if (!fault) return { ...file, kind: kindOf(file.type) }
  const reason = fault.code === 'fileTooLarge' ? 'tooLarge' : 'unsupported'
  throw new ChannelError({ kind: 'rejected', reason }, fileSentence('X', file.name, fault))
}

function kindOf(type: string): MediaKind {
  if (type === 'image/gif') return 'gif'
  return type.startsWith('image/') ? 'image' : 'video'
}

/** Pictures together, as many as one message takes; a GIF or a video stands alone. */
function grouped(files: readonly XFile[], most: number): XFile[][] {
  const groups: XFile[][] = []
  for (const file of files) {
    const last = groups.at(-1)
    const joins = file.kind === 'image' && last?.[0]?.kind === 'image' && last.length < most
    if (joins) last.push(file)
    else groups.push([file])
  }
  return groups
}
