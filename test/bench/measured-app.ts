import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { untilYes } from '../chaos/api.ts'
import { campaignDatabase, lookInto } from '../chaos/database.ts'
import { type AppProcess, freePort, startApp } from '../support/app-process.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'
import { type MeasuredServer, urlOf } from './server.ts'
import { writeAs } from './webhook-load.ts'

/** The whole app on a database of its own. */
export interface EmptyApp {
  readonly app: AppProcess
  readonly pool: pg.Pool
  readonly token: string
  close(): Promise<void>
}

/** With one loop inbox whose people have all written once. */
export interface MeasuredApp extends EmptyApp {
  readonly inboxId: string
  readonly platform: LoopPlatform
  /** Chat of each person, with its conversation. */
  readonly chats: readonly { readonly chat: string; readonly conversation: string }[]
}

const textMax = 4_000

export async function startMeasuredApp(server: MeasuredServer, name: string, people: number): Promise<MeasuredApp> {
  const empty = await startEmptyApp(server, name)
  const { app, pool, token } = empty
  const platform = await startLoopPlatform({ textMax, idempotent: true })
  const inboxId = await openInbox(empty, 'loop', platform.settings({ receive: 'webhook' }))
  const names = Array.from({ length: people }, (_, index) => `chat-${index}`)
  await writeAs({ app, inboxId, platform }, names)
  await pool.query('analyze')
  return {
    app,
    pool,
    token,
    inboxId,
    platform,
    chats: await chatsOf(pool, names),
    close: async () => {
      await empty.close()
      await platform.close()
    },
  }
}

/** Without any inbox. */
export async function startEmptyApp(server: MeasuredServer, name: string): Promise<EmptyApp> {
  const folder = mkdtempSync(join(tmpdir(), `tributary-${name}-`))
  const target = await campaignDatabase(server.target, `bench_${name}_${process.pid}`)
  const pool = lookInto(target)
  const token = randomBytes(24).toString('hex')
  const env = {
    DATABASE_URL: urlOf(target),
    DATA_DIR: join(folder, 'data'),
    SECRET_KEY: 'a key that only measurements use, 32+ characters',
    API_TOKEN: token,
    OUTBOUND_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'error',
  }
  const app = await startApp({ env, port: await freePort(), logFile: join(folder, 'app.log') })
  return {
    app,
    pool,
    token,
    close: async () => {
      await app.signal('SIGTERM')
      await pool.end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function openInbox({ app, token }: EmptyApp, channel: string, settings: object): Promise<string> {
  const body = { channel, name: 'measured', settings }
  const call = { method: 'POST', path: '/api/v1/inboxes', token, body } as const
  const answer = (await untilYes(() => app.url, call, AbortSignal.timeout(10_000))) as { id: string }
  return answer.id
}

async function chatsOf(pool: pg.Pool, names: readonly string[]): Promise<{ chat: string; conversation: string }[]> {
  const { rows } = await pool.query('select key as chat, conversation_id as conversation from thread')
  if (rows.length !== names.length) throw new Error(`${rows.length} of ${names.length} people have a conversation`)
  return rows as { chat: string; conversation: string }[]
}
