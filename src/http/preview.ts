import type { Capabilities } from '../channel/capabilities.ts'
import type { OutboundFile, ThreadRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { fileFault, fileSentence } from '../channel/file-fault.ts'
import { toHtml } from '../channel/html.ts'
import { type Block, type Inline, parseMarkdown } from '../channel/markdown.ts'
import { findFiles } from '../store/file.ts'
import { replyWay } from '../store/reply.ts'
import type { Preview, PreviewBody } from '../wire/message.ts'
import type { HttpDeps } from './deps.ts'
import { badField, notFound } from './http-error.ts'

type Format = keyof Capabilities['formats']
type Problem = Preview['problems'][number]

/** What this channel would send: the same rendering as the reply's, nothing is stored. */
export async function previewOf(
  deps: HttpDeps,
  conversationId: string,
  owner: string,
  body: PreviewBody,
): Promise<Preview> {
  const { pool } = deps.db
  const blocks = parseMarkdown(body.text)
  const html = toHtml(blocks)
  if (body.kind === 'note') return { html, parts: [], unit: 'utf16', problems: [] }
  const files = (await findFiles(pool, body.attachments ?? [])).filter((file) => file.owner === owner)
  if (files.length !== (body.attachments ?? []).length) throw badField('attachments', 'names a file that is not yours')
  const way = await replyWay(pool, conversationId, body.replyTo ?? null)
  if (!way)
    throw body.replyTo ? badField('replyTo', 'is no message of this conversation') : notFound('This conversation')
  const thread: ThreadRef = { key: way.key, kind: way.kind, audience: way.audience, place: way.place }
  const { adapter, settings } = await deps.connections.describe(way.inboxId)
  const can = adapter.capabilities(settings, thread)
  const attachments: OutboundFile[] = files.map(({ id, name, type, size }) => ({ id, name, type, size }))
  const marks = formatProblems(blocks, can, adapter.name)
  const atFault = fileProblems(attachments, can, adapter.name)
  const told = { html, unit: can.text.unit }
  if (body.text.trim() === '' && files.length === 0) return { ...told, parts: [], problems: [] }
  try {
    const rendered = adapter.render({ text: body.text, attachments }, settings, thread)
    const parts = rendered.map(({ text, length }) => ({ text, length, max: can.text.max }))
    return { ...told, parts, problems: [...marks, ...atFault] }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return { ...told, parts: [], problems: atFault.some(isRefused) ? atFault : [refused(error)] }
  }
}

const isRefused = ({ support }: Problem) => support === 'rejected'
const refused = ({ message }: ChannelError): Problem => ({
  what: 'message',
  support: 'rejected',
  code: 'refused',
  message,
})

const formatNames: Record<Format, string> = {
  bold: 'bold text',
  italic: 'italic text',
  code: 'code',
  codeBlock: 'code blocks',
  link: 'named links',
  quote: 'quotes',
  list: 'lists',
  heading: 'headings',
}

function formatProblems(blocks: readonly Block[], can: Capabilities, channel: string): Problem[] {
  return [...formatsIn(blocks)].flatMap((format): Problem[] => {
    const support = can.formats[format]
    if (support === 'full') return []
    const what = formatNames[format]
    if (support === 'partial') {
      return [{ what: format, support, code: 'ownWay', message: `${channel} shows ${what} in its own way.` }]
    }
    return [{ what: format, support, code: 'plainText', message: `${channel} has no ${what}: sent as plain text.` }]
  })
}

function formatsIn(blocks: readonly Block[]): Set<Format> {
  const found = new Set<Format>()
  const inline = (nodes: readonly Inline[]): void => {
    for (const node of nodes) {
      if (node.kind !== 'text' && node.kind !== 'break' && !isBare(node)) found.add(node.kind)
      if ('inline' in node) inline(node.inline)
    }
  }
  const walk = (list: readonly Block[]): void => {
    for (const block of list) {
      if (block.kind === 'heading' || block.kind === 'quote' || block.kind === 'list') found.add(block.kind)
      if (block.kind === 'code') found.add('codeBlock')
      if ('inline' in block) inline(block.inline)
      if ('blocks' in block) walk(block.blocks)
      if ('items' in block) for (const item of block.items) walk(item)
    }
  }
  walk(blocks)
  return found
}

/** An address that stands for itself: every channel shows it as it is. */
function isBare(node: Inline): boolean {
  if (node.kind !== 'link') return false
  const [shown] = node.inline
  return shown?.kind === 'text' && node.url.endsWith(shown.text)
}

function fileProblems(files: readonly OutboundFile[], can: Capabilities, channel: string): Problem[] {
  const { out, maxPerMessage } = can.attachments
  if (files.length === 0) return []
  if (out === 'rejected' || out === 'dropped') {
    return [{ what: 'attachments', support: out, code: 'noFiles', message: `${channel} takes no files.` }]
  }
  const problems = files.flatMap((file): Problem[] => {
    const fault = fileFault(can.attachments, file)
    if (!fault) return []
    const limit = fault.code === 'fileTooLarge' ? Math.floor(fault.limit / 1_000_000) : fault.limit
    const message = fileSentence(channel, file.name, fault)
    return [{ what: 'attachments', support: 'rejected', code: fault.code, name: file.name, limit, message }]
  })
  if (files.length > maxPerMessage) {
    const message = `${channel} takes ${maxPerMessage} files in one message: these become several.`
    problems.push({ what: 'attachments', support: 'partial', code: 'severalMessages', limit: maxPerMessage, message })
  }
  return problems
}
