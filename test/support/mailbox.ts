import { ImapFlow } from 'imapflow'
import PostalMime, { type Email } from 'postal-mime'
import type { MailServers } from './mail-servers.ts'

export type ReadMail = Email & { readonly seen: boolean }

/** What lies in a folder, as any mail program sees it. */
export async function mailsIn(servers: MailServers, user: string, folder = 'INBOX'): Promise<ReadMail[]> {
  const client = signIn(servers, user)
  await client.connect()
  try {
    const box = await client.mailboxOpen(folder, { readOnly: true })
    const found = box.exists === 0 ? [] : await client.fetchAll('1:*', { source: true, flags: true })
    return await Promise.all(
      found.map(async ({ source, flags }) => ({
        ...(await PostalMime.parse(source ?? '')),
        seen: flags?.has('\\Seen') === true,
      })),
    )
  } finally {
    await client.logout()
  }
}

/** Hears when a mailbox has more mail, as a mail program beside ours would. */
export async function watchMailbox(servers: MailServers, user: string) {
  const client = signIn(servers, user)
  const heard = new Map<number, number>()
  client.on('exists', ({ count }: { count: number }) => void heard.set(count, performance.now()))
  await client.connect()
  const box = await client.mailboxOpen('INBOX', { readOnly: true })
  // By itself it would listen only after 15 quiet seconds.
  const idle = client.idle().catch(() => false)
  return {
    /** Mails when the watch began. */
    before: box.exists,
    /** When the mailbox said it has that many, ms of `performance.now()`. */
    had: (count: number) => heard.get(count),
    close: async () => {
      client.close()
      await idle
    },
  }
}

function signIn({ imapPort }: MailServers, user: string): ImapFlow {
  const server = { host: '127.0.0.1', port: imapPort, secure: false, doSTARTTLS: false, logger: false } as const
  const client = new ImapFlow({ ...server, auth: { user, pass: 'secret' } })
  client.on('error', () => {})
  return client
}
