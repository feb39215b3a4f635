import { createHmac } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { createEmailChannel } from '../../channels/email/index.ts'
import type { Resolve } from '../../channels/email/sender-checks.ts'
import type { ChannelAdapter, ChannelEnv } from '../../src/channel/contract.ts'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import type { Database } from '../../src/store/database.ts'
import { readHealth } from '../../src/store/inbox-health.ts'
import type { IngestNode } from './ingest-node.ts'
import type { MailServers } from './mail-servers.ts'

/** Tests cannot wait as long as a mail server may. */
const quick = { maxIdleMs: 2_000, socketTimeoutMs: 3_000, roundMs: 1_500 }

export const quickMail = createEmailChannel(quick) as ChannelAdapter

/** Asks this DNS who may send. */
export const quickMailWith = (resolve: Resolve) => createEmailChannel(quick, resolve) as ChannelAdapter

/** Settings of an inbox that reads `account` of these servers. */
export function mailboxSettings(servers: MailServers, account: string, wish: Record<string, unknown> = {}) {
  const server = { host: '127.0.0.1', security: 'none' }
  return {
    address: `${account}@desk.test`,
    imap: { ...server, port: servers.imapPort, user: account, password: 'secret' },
    smtp: { ...server, port: servers.smtpPort },
    ...wish,
  }
}

export async function addMailInbox(node: IngestNode, settings: Record<string, unknown>): Promise<string> {
  return (await createInbox(node, { channel: 'email', name: 'Support', settings })).id
}

export interface StoredMail {
  readonly text: string
  readonly subject: string | null
  readonly sender: string
  readonly automatic: boolean
  readonly conversation: string
  readonly joined: string | null
  readonly files: string[]
}

/** Everything stored for an inbox, in the order in which it came in. */
export async function storedMails(db: Database, inboxId: string): Promise<StoredMail[]> {
  const { rows } = await db.pool.query(
    `select m.text, m.subject, i.key as sender, m.automatic, m.conversation_id::text as conversation,
        m.joined_by as joined,
        array(select a.name from attachment a where a.message_id = m.id order by a.ordinal) as files
       from message m join thread t on t.id = m.thread_id join identity i on i.id = m.sender_identity_id
      where t.inbox_id = $1 order by m.id`,
    [inboxId],
  )
  return rows as StoredMail[]
}

/** How many of its events kept the mail as it came. */
export async function keptOriginals(db: Database, inboxId: string): Promise<number> {
  const { rows } = await db.pool.query(
    'select count(*)::int as kept from inbound_event where inbox_id = $1 and raw_file_id is not null',
    [inboxId],
  )
  return (rows[0] as { kept: number }).kept
}

export async function healthOf(db: Database, inboxId: string) {
  return (await readHealth(db.pool, [inboxId])).get(inboxId)
}

export interface Sent {
  readonly from?: string
  readonly to: string
  readonly subject?: string
  readonly text?: string
  readonly html?: string
  readonly headers?: Record<string, string>
  readonly messageId?: string
  readonly inReplyTo?: string
  readonly references?: string | string[]
  readonly envelope?: { from: string; to: string }
  readonly attachments?: { filename: string; content: Buffer | string }[]
  /** The mail as it is; of the rest only the envelope counts. */
  readonly raw?: Buffer
}

/** A customer's mail program. */
export async function sendMail(port: number, mail: Sent): Promise<{ messageId: string }> {
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true })
  try {
    return await transport.sendMail({ from: 'Alice <alice@example.test>', subject: 'Hello', text: 'Hello', ...mail })
  } finally {
    transport.close()
  }
}

/** Signs as the inbox does. */
export function mailSigner(node: Pick<IngestNode, 'sealer'>, inboxId: string): Pick<ChannelEnv, 'sign'> {
  const key = node.sealer.deriveKey(`inbox:${inboxId}`)
  return { sign: (data) => createHmac('sha256', key).update(data, 'utf8').digest('base64url') }
}
