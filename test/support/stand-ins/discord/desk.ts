import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { discordChannel } from '../../../../channels/discord/index.ts'
import { readConfig } from '../../../../config/index.ts'
import { type App, createApp } from '../../../../src/app.ts'
import type { ChannelAdapter } from '../../../../src/channel/contract.ts'
import { type TestDatabase, testDatabase } from '../../database.ts'
import { eventually } from '../../eventually.ts'
import { freePort } from '../../free-port.ts'
import { type Caller, callerOf } from '../../http-server.ts'
import { discordObjections } from './described.ts'
import { type DiscordPlatform, discordToken, startDiscord } from './platform.ts'
import type { Channel } from './state.ts'

const apiToken = 'the-token-of-the-environment-0123456789'

export interface DiscordDesk {
  readonly database: TestDatabase
  readonly platform: DiscordPlatform
  /** A channel of the server in which every message opens a thread. */
  readonly door: Channel
  readonly url: string
  readonly call: Caller
  readonly inboxId: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Throws where the token was logged, or Discord's description has something against what was asked or answered. */
  close(): Promise<void>
}

/** The whole application with an inbox of Discord, stopped and started again at one address. */
export async function discordDesk(wish: { readonly webRoot?: string } = {}): Promise<DiscordDesk> {
  const database = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-discord-'))
  const platform = await startDiscord()
  const door = platform.channel('support')
  const log: string[] = []
  const port = await freePort()
  const site = { API_TOKEN: apiToken, PORT: String(port), DATA_DIR: dataDir, ADMIN_EMAIL: '', SECRET_KEY: '' }
  let app: App | null = null
  const start = async () => {
    app = await createApp({
      config: readConfig({}, site),
      channels: [discordChannel as ChannelAdapter],
      target: database.target,
      dataDir,
      secretKey: 'the secret key of the tests, long enough',
      log: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
      poolSize: 4,
      ...wish,
    })
  }
  const stop = async () => {
    await app?.close()
    app = null
  }
  await start()
  const url = `http://127.0.0.1:${port}`
  const call = callerOf(url, { authorization: `Bearer ${apiToken}` })
  const inboxId = await madeInbox(call, platform, door)
  await eventually(() => platform.gateway.sessions.length === 1, { timeoutMs: 15_000 })
  const close = async () => {
    await stop()
    await platform.close()
    await database.close()
    await rm(dataDir, { recursive: true, force: true })
    if (log.some((line) => line.includes(discordToken))) throw new Error('the token was logged')
    const objections = discordObjections(platform.state)
    if (objections.length > 0) throw new Error(objections.join('\n'))
  }
  return { database, platform, door, url, call, inboxId, start, stop, close }
}

async function madeInbox(call: Caller, platform: DiscordPlatform, door: Channel): Promise<string> {
  const supportChannels = [{ id: door.id, open: 'everyMessage' as const }]
  const settings = { ...platform.settings({ supportChannels }), privacyUrl: 'https://northstar.example/privacy' }
  const { status, body, text } = await call('POST /inboxes', { channel: 'discord', name: 'Community', settings })
  if (status !== 201) throw new Error(`no inbox: ${text}`)
  return String(body.inbox?.id ?? body.id)
}
