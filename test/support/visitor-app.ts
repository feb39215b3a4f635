import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { widgetChannel } from '../../channels/widget/index.ts'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { ChannelAdapter } from '../../src/channel/contract.ts'
import { reply } from '../../src/delivery/reply.ts'
import { createFiles } from '../../src/files/files.ts'
import type { VisitorLimits } from '../../src/http/visitor-limits.ts'
import { createConnections } from '../../src/ingest/connections.ts'
import { createInbox } from '../../src/ingest/save-inbox.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { createSealer } from '../../src/security/seal.ts'
import type { VisitorMessage } from '../../src/wire/visitor.ts'
import type { TestDatabase } from './database.ts'
import { createAgent } from './factories.ts'

export const secretKey = 'the secret key of the tests, long enough'
export const identitySecret = 'a secret that only the website and we know'

export interface VisitorApp {
  readonly url: string
  readonly app: App
  /** Everything the process logged. */
  readonly log: string[]
  inbox(settings?: Record<string, unknown>): Promise<string>
  /** Of another channel that the app was given. */
  otherInbox(channel: string, settings: Record<string, unknown>): Promise<string>
  /** An agent answers in the conversation of this message; `note`: only for colleagues. */
  answer(
    messageId: string,
    text: string,
    wish?: { readonly note?: boolean; readonly fileIds?: string[] },
  ): Promise<string>
  /** A file that the agent uploaded, to be sent with an answer. */
  upload(name: string, bytes: Buffer): Promise<string>
  close(): Promise<void>
}

const without = { burst: 1e6, perSecond: 1e6 }
const each = { token: without, ip: without, inbox: without }
export const noLimits: VisitorLimits = {
  session: each,
  message: each,
  file: each,
  look: each,
  email: each,
  confirm: each,
}

export interface VisitorAppWish {
  readonly visitorLimits?: VisitorLimits
  /** Beside the website chat. */
  readonly channels?: readonly ChannelAdapter[]
  readonly widgetRoot?: string
  readonly webRoot?: string
  readonly sampleRoot?: string
  /** The same again, for an app that comes back after it was stopped. */
  readonly port?: number
  readonly dataDir?: string
}

/** The whole application with the website chat, on a database of the test's own. */
export async function visitorApp({ db, target }: TestDatabase, wish: VisitorAppWish = {}): Promise<VisitorApp> {
  const folder = wish.dataDir ?? (await mkdtemp(join(tmpdir(), 'tributary-visitors-')))
  const log: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const config = readConfig({}, { PORT: String(wish.port ?? 0), DATA_DIR: folder, ADMIN_EMAIL: '', SECRET_KEY: '' })
  const channels = [widgetChannel as ChannelAdapter, ...(wish.channels ?? [])]
  const { visitorLimits = noLimits, widgetRoot, webRoot, sampleRoot } = wish
  const app = await createApp({
    config,
    channels,
    target,
    dataDir: folder,
    secretKey,
    log: logger,
    poolSize: 4,
    visitorLimits,
    ...(widgetRoot !== undefined && { widgetRoot }),
    ...(webRoot !== undefined && { webRoot }),
    ...(sampleRoot !== undefined && { sampleRoot }),
  })
  const sealer = createSealer(secretKey)
  const clock = () => new Date()
  const context = {
    db,
    channels,
    sealer,
    clock,
    log: logger,
    publicUrl: app.url,
    outboundAllow: parseOutboundAllow([]),
  }
  const files = await createFiles(db, join(folder, 'files'))
  const connections = createConnections({ ...context, files })
  const agentId = await createAgent(db.pool, { name: 'Ana Silva' })
  await db.pool.query(`update agent set public_name = 'Ana' where id = $1`, [agentId])
  return {
    url: app.url,
    app,
    log,
    inbox: async (settings = {}) =>
      (await createInbox({ db, channels, sealer, clock }, { channel: 'widget', name: 'Website', settings })).id,
    otherInbox: async (channel, settings) =>
      (await createInbox({ db, channels, sealer, clock }, { channel, name: 'Support', settings })).id,
    answer: async (messageId, text, { note = false, fileIds = [] } = {}) => {
      const { rows } = await db.pool.query('select conversation_id as id from message where id = $1', [messageId])
      const made = await reply(
        { db, connections, clock },
        {
          conversationId: (rows[0] as { id: string }).id,
          author: { type: 'agent', id: agentId, priority: 'person' },
          kind: note ? 'note' : 'reply',
          text,
          attachmentFileIds: fileIds,
          clientId: randomUUID(),
        },
      )
      return made.messageId
    },
    upload: async (name, bytes) => {
      const owner = `agent:${agentId}`
      return (await files.store({ stream: Readable.from([bytes]), name, owner, maxBytes: bytes.length })).id
    },
    close: async () => {
      await connections.close()
      await app.close()
      if (!wish.dataDir) await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Answer<T = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

/** One visitor's calls, as a website's script would make them. */
export interface VisitorClient {
  readonly token: string
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  send(
    text: string,
    wish?: { readonly clientId?: string; readonly attachments?: string[] },
  ): Promise<Answer<{ message: VisitorMessage }>>
  list(query?: string): Promise<Page>
  upload(
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Answer<{ file: { id: string; url: string; type: string } }>>
}

export interface Page {
  readonly items: VisitorMessage[]
  readonly cursor: string
  readonly more: boolean
  readonly seenUpTo: string | null
}

export async function call<T = unknown>(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const raw = body instanceof FormData || typeof body === 'string'
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && !raw && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T }
}

export async function newVisitor(
  { url }: Pick<VisitorApp, 'url'>,
  inboxId: string,
  session: Record<string, unknown> = {},
): Promise<VisitorClient> {
  const root = `${url}/widget/v1/${inboxId}`
  const opened = await call<{ visitorToken: string }>(`${root}/session`, 'POST', session)
  if (opened.status !== 200) throw new Error(`no session: ${opened.status} ${JSON.stringify(opened.body)}`)
  const token = opened.body.visitorToken
  const own: VisitorClient['call'] = (method, path, body, headers) =>
    call(root + path, method, body, { authorization: `Bearer ${token}`, ...headers })
  return {
    token,
    call: own,
    send: (text, { clientId = randomUUID(), attachments } = {}) =>
      own('POST', '/messages', { clientId, text, ...(attachments && { attachments }) }),
    list: async (query = '') => (await own<Page>('GET', `/messages${query}`)).body,
    upload: (name, bytes) => {
      const form = new FormData()
      form.append('file', new Blob([bytes]), name)
      return own('POST', '/files', form)
    },
  }
}
