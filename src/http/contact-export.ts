import type { Visibility } from '../domain/principal.ts'
import type { FileLinks } from '../security/file-link.ts'
import {
  type ExportedMessage,
  exportedContact,
  exportedConversations,
  exportedMessages,
} from '../store/contact-export.ts'
import type { HttpDeps } from './deps.ts'

const pageMessages = 200

/** One JSON document in pieces: somebody may have written for years. Its files are named by addresses that are good for an hour. */
export async function* exportOf(deps: HttpDeps, links: FileLinks, contactId: string, who: Visibility) {
  const { pool } = deps.db
  const contact = await exportedContact(pool, contactId)
  const conversations = await exportedConversations(pool, contactId, who)
  const head = JSON.stringify({ exportedAt: deps.clock().toISOString(), contact, conversations })
  yield `${head.slice(0, -1)},"messages":[`
  let between = ''
  for (let before: string | undefined; ; ) {
    const page = await exportedMessages(pool, contactId, who, { before, limit: pageMessages })
    for (const message of page) {
      yield `${between}${JSON.stringify(withAddresses(message, deps.publicUrl, links))}`
      between = ','
    }
    before = page.at(-1)?.id
    if (page.length < pageMessages || before === undefined) break
  }
  yield ']}'
}

function withAddresses(message: ExportedMessage, publicUrl: string, links: FileLinks) {
  const attachments = message.attachments.map(({ fileId, ...file }) => ({
    ...file,
    url: fileId === null ? null : `${publicUrl}${links.urlOf(fileId)}`,
  }))
  return { ...message, attachments }
}
