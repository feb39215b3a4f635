import { ImapFlow } from 'imapflow'
import { startMailServers } from '../support/mail-servers.ts'
import type { HeldMail } from '../support/smtp-stand-in.ts'
import type { Campaign } from './campaign.ts'
import { losing } from './f3-lost-answer.ts'
import { deliveryOf } from './mail-site.ts'

/** The folder of sent mail, where a provider files by itself what its relay took. */
export interface SentMail {
  /** Of the inbox. */
  readonly imap: unknown
  file(letter: HeldMail): Promise<void>
  /** Deliveries whose letters lie there. */
  readonly filed: ReadonlySet<string>
}

/** M3 with a real IMAP server: what lies in the folder of sent mail is settled by `confirm`, what does not stays in doubt. */
export const sentFolder: Campaign = async (wish) => {
  const servers = await startMailServers()
  try {
    const sent = sentMail(servers.imapPort, servers.account())
    return await losing(wish, 'M5', [{ name: 'mail', door: 'mail', switches: { confirm: true }, sent }])
  } finally {
    await servers.stop()
  }
}

function sentMail(port: number, user: string): SentMail {
  const filed = new Set<string>()
  const account = { host: '127.0.0.1', port, user, password: 'secret' }
  return {
    imap: { ...account, security: 'none', sent: 'Sent' },
    filed,
    file: async (letter) => {
      const delivery = deliveryOf(letter)
      // One of three is never filed: what the folder does not hold proves nothing.
      if (delivery === null || Number(delivery) % 3 === 0) return
      await append(account, letter.raw)
      filed.add(delivery)
    },
  }
}

async function append(account: { host: string; port: number; user: string; password: string }, raw: string) {
  const { host, port, user, password } = account
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    doSTARTTLS: false,
    logger: false,
    auth: { user, pass: password },
  })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.append('Sent', Buffer.from(raw, 'latin1'), ['\\Seen'])
  } finally {
    await client.logout()
  }
}
