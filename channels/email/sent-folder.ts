import type { ImapFlow } from 'imapflow'
import type { AccessTokens } from '../../src/channel/held-token.ts'
import { imapError, openImap } from './imap-client.ts'
import type { ImapSettings } from './settings.ts'

export interface SentFolder {
  readonly imap: ImapSettings
  readonly name: string
  readonly tokens: AccessTokens
}

const patienceMs = 60_000

/** Is a letter with this Message-ID filed there? No proves nothing: it may never have been filed. */
export function isFiled(folder: SentFolder, messageId: string, signal: AbortSignal): Promise<boolean> {
  return inFolder(folder, signal, (client) => holds(client, folder.name, messageId))
}

/** Once, however often it is asked for. */
export function fileOnce(folder: SentFolder, messageId: string, bytes: () => Promise<Buffer>): Promise<void> {
  return inFolder(folder, AbortSignal.timeout(patienceMs), async (client) => {
    if (await holds(client, folder.name, messageId)) return
    if (!client.mailbox) await client.mailboxCreate(folder.name)
    await client.append(folder.name, await bytes(), ['\\Seen'])
  })
}

/** Opened for writing: a folder that is only looked at lets no letter be filed as read. */
async function holds(client: ImapFlow, name: string, messageId: string): Promise<boolean> {
  try {
    await client.mailboxOpen(name)
  } catch (error) {
    if (error instanceof Error && 'mailboxMissing' in error) return false
    throw error
  }
  const found = await client.search({ header: { 'message-id': messageId } }, { uid: true })
  return Array.isArray(found) && found.length > 0
}

async function inFolder<T>(
  folder: SentFolder,
  signal: AbortSignal,
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const { client, gone } = await openImap(folder, signal)
  try {
    const lost = gone.then((reason) => Promise.reject(reason))
    lost.catch(() => {})
    return await Promise.race([lost, work(client)])
  } catch (error) {
    throw imapError(error)
  } finally {
    await client.logout().catch(() => {})
    client.close()
  }
}
