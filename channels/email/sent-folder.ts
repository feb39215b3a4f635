import type { ImapFlow } from 'imapflow'
import { imapError, openImap } from './imap-client.ts'
import type { AccessTokens } from './oauth.ts'
import type { ImapSettings } from './settings.ts'

export interface SentFolder {
  readonly imap: ImapSettings
  readonly name: string
  readonly tokens: AccessTokens
}

const patienceMs = 60_000

/** Is a letter with this Message-ID filed there? No proves nothing: it may never have been filed. */
export function isFiled(folder: SentFolder, messageId: string, signal: AbortSignal): Promise<boolean> {
  return inFolder(folder, signal, async (client) => {
    await client.mailboxOpen(folder.name, { readOnly: true })
    return holds(client, messageId)
  })
}

/** Once, however often it is asked for. */
export function fileOnce(folder: SentFolder, messageId: string, bytes: () => Promise<Buffer>): Promise<void> {
  return inFolder(folder, AbortSignal.timeout(patienceMs), async (client) => {
    const made = await client.mailboxCreate(folder.name).catch(() => undefined)
    await client.mailboxOpen(folder.name, { readOnly: true })
    if (made?.created !== true && (await holds(client, messageId))) return
    await client.append(folder.name, await bytes(), ['\\Seen'])
  })
}

async function holds(client: ImapFlow, messageId: string): Promise<boolean> {
  const found = await client.search({ header: { 'message-id': messageId } }, { uid: true })
  return Array.isArray(found) && found.length > 0
}

async function inFolder<T>(
  folder: SentFolder,
  signal: AbortSignal,
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const { client, gone } = await openImap(folder, signal)
  const cut = () => client.close()
  signal.addEventListener('abort', cut, { once: true })
  try {
    if (signal.aborted) cut()
    const lost = gone.then((reason) => Promise.reject(reason))
    lost.catch(() => {})
    return await Promise.race([lost, work(client)])
  } catch (error) {
    throw imapError(error)
  } finally {
    signal.removeEventListener('abort', cut)
    await client.logout().catch(() => {})
    client.close()
  }
}
