import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../config/index.ts'
import { type App, createApp } from '../../src/app.ts'
import type { TestDatabase } from './database.ts'
import { type Caller, callerOf } from './http-server.ts'
import { xObjections } from './stand-ins/x/described.ts'
import { startXPlatform, type XPlatform } from './stand-ins/x/platform.ts'
import { quickX } from './stand-ins/x/subject.ts'

const token = 'the-token-of-the-environment-0123456789'
const secretKey = 'the secret key of the tests, long enough'

export interface XDesk {
  readonly x: XPlatform
  readonly url: string
  readonly inboxId: string
  /** Everything the process logged. */
  readonly log: string[]
  /** As an administrator's program calls. */
  readonly call: Caller
  stop(): Promise<void>
  start(): Promise<void>
  /** For good. Throws where X's description has something against what was asked or answered. */
  close(): Promise<void>
}

interface Wish {
  readonly auth?: 'oauth1' | 'oauth2' | 'both'
  readonly webRoot?: string
}

/** The whole application with one inbox of X, against the stand-in. */
export async function xDesk({ target }: TestDatabase, { auth = 'oauth1', webRoot }: Wish = {}): Promise<XDesk> {
  const [x, dataDir] = await Promise.all([startXPlatform(), mkdtemp(join(tmpdir(), 'tributary-x-'))])
  const log: string[] = []
  const config = readConfig({}, { PORT: '0', DATA_DIR: dataDir, API_TOKEN: token, ADMIN_EMAIL: '', SECRET_KEY: '' })
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) })
  const open = () =>
    createApp({
      config,
      channels: [quickX],
      target,
      dataDir,
      secretKey,
      log: logger,
      poolSize: 4,
      ...(webRoot !== undefined && { webRoot }),
    })
  let app: App | undefined = await open()
  let url = app.url
  const stop = async () => {
    await app?.close()
    app = undefined
  }
  const call: Caller = (...asked) => callerOf(url, { authorization: `Bearer ${token}` })(...asked)
  const made = await call('POST /inboxes', { channel: 'x', name: 'Northstar on X', settings: x.settings(auth) })
  if (made.status !== 201) throw new Error(`the inbox was refused: ${made.text}`)
  return {
    x,
    log,
    call,
    inboxId: String(made.body.id ?? made.body.inbox.id),
    get url() {
      return url
    },
    stop,
    start: async () => {
      app = await open()
      url = app.url
    },
    close: async () => {
      await stop()
      await x.close()
      await rm(dataDir, { recursive: true, force: true })
      const objections = xObjections(x.state)
      if (objections.length > 0) throw new Error(objections.join('\n'))
    },
  }
}
