import { parseMarkdown } from '../channel/markdown.ts'
import type { VisitorMessageRow } from '../store/visitor-messages.ts'
import type { VisitorFile, VisitorMessage } from '../wire/visitor.ts'
import type { VisitorUrls } from './visitor-urls.ts'

export interface ViewContext {
  readonly inboxId: string
  readonly urls: VisitorUrls
}

/** What leaves towards a visitor's page: nothing of an agent but the public name and picture. */
export function visitorView(row: VisitorMessageRow, { inboxId, urls }: ViewContext): VisitorMessage {
  const ours = row.direction === 'out'
  // A letter's own rendering is made for mail programs.
  const blocks = ours ? (row.byLetter ? [...parseMarkdown(row.text)] : row.payloads.flatMap(blocksOf)) : []
  return {
    id: row.id,
    from: ours ? 'support' : 'visitor',
    text: row.text,
    at: row.at.toISOString(),
    attachments: row.attachments.map((file) => fileView(file, { inboxId, urls })),
    ...(row.clientId !== null && { clientId: row.clientId }),
    ...(blocks.length > 0 && { blocks }),
    ...(row.replyToId !== null && { replyTo: row.replyToId }),
    ...(row.edited && { edited: true }),
    ...(row.deleted && { deleted: true }),
    ...(row.byLetter && { byLetter: true }),
    ...(row.formTopicId !== null && { form: row.formTopicId }),
    ...(ours && { read: row.read, sender: senderView(row, { inboxId, urls }) }),
  }
}

function senderView(row: VisitorMessageRow, { inboxId, urls }: ViewContext): NonNullable<VisitorMessage['sender']> {
  return {
    type: row.senderType === 'contact' ? 'agent' : row.senderType,
    name: row.senderName ?? '',
    avatar: row.senderAvatar === null ? null : urls.file(inboxId, row.senderAvatar),
  }
}

function fileView(file: VisitorMessageRow['attachments'][number], { inboxId, urls }: ViewContext): VisitorFile {
  const { id, name, type, size, fileId } = file
  return { id, name, type, size, url: fileId === null ? null : urls.file(inboxId, fileId) }
}

/** A channel may put ready-made blocks into its parts; whatever else stands there is none of a page's business. */
function blocksOf(payload: unknown): readonly unknown[] {
  const blocks = (payload as { blocks?: unknown } | null)?.blocks
  return Array.isArray(blocks) ? blocks : []
}
