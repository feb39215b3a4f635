import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { emailChannel } from '../../../channels/email/index.ts'
import { readConfig } from '../../../config/index.ts'
import { createApp } from '../../../src/app.ts'
import type { ChannelAdapter, ChannelConnection, InboundEvent } from '../../../src/channel/contract.ts'
import { createFiles } from '../../../src/files/files.ts'
import { recordInbound } from '../../../src/ingest/record-inbound.ts'
import { createInbox } from '../../../src/ingest/save-inbox.ts'
import { createSealer } from '../../../src/security/seal.ts'
import type { TestDatabase } from '../../support/database.ts'
import { webRoot } from './inbox-page.ts'

const secretKey = 'the secret key of the tests, long enough'

/** Email as it is, but for the way out: takes everything it is given, hears nothing. */
const quietMail: ChannelAdapter = {
  ...(emailChannel as ChannelAdapter),
  connect: async () => quietConnection(),
}

function quietConnection(): ChannelConnection {
  return {
    receive: (_since, _sink, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    send: async ({ deliveryId }) => ({ externalId: `<d.${deliveryId}@northstar.example>` }),
    download: async () => Readable.from([Buffer.from('date,trade,fee\n')]),
    afterSent: async () => {},
    confirm: async () => null,
    close: async () => {},
  }
}

export const mailSettings = {
  address: 'support@northstar.example',
  name: 'Northstar',
  imap: { host: 'imap.northstar.example', user: 'support', password: 'secret', sent: 'Sent' },
  smtp: { host: 'smtp.northstar.example', user: 'support', password: 'secret' },
  signature: 'Kind regards,\n{name}',
}

export interface MailDesk {
  readonly url: string
  readonly inboxId: string
  /** Mail that came in; answers the conversation and the message it became. */
  receive(event: InboundEvent): Promise<{ conversationId: string; messageId: string }>
  keep(name: string, bytes: Buffer): Promise<string>
  close(): Promise<void>
}

export async function mailDesk({ db, target }: TestDatabase): Promise<MailDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-mail-'))
  const config = readConfig({}, { PORT: '0', DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '' })
  const log = pino({ level: 'silent' })
  const channels = [quietMail]
  const app = await createApp({ config, channels, target, dataDir: folder, secretKey, log, poolSize: 4, webRoot })
  const files = await createFiles(db, join(folder, 'files'))
  const ctx = { db, channels, sealer: createSealer(secretKey), clock: () => new Date() }
  const { id: inboxId } = await createInbox(ctx, {
    channel: 'email',
    name: 'Northstar support',
    settings: mailSettings,
  })
  return {
    url: app.url,
    inboxId,
    receive: async (event) => {
      const { outcomes } = await recordInbound(db, { inboxId, now: new Date(), batch: { events: [event] } })
      const [outcome] = outcomes
      if (outcome?.kind !== 'applied' || !outcome.conversationId || !outcome.messageId)
        throw new Error(`not stored: ${JSON.stringify(outcome)}`)
      return { conversationId: outcome.conversationId, messageId: outcome.messageId }
    },
    keep: async (name, bytes) =>
      (await files.store({ stream: Readable.from([bytes]), name, owner: `inbox:${inboxId}`, maxBytes: 1e7 })).id,
    close: async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
