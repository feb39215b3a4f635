import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { readConfig } from '../../../config/index.ts'
import { createApp } from '../../../src/app.ts'
import type { ChannelAdapter } from '../../../src/channel/contract.ts'
import { hashPassword } from '../../../src/security/password.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { type Caller, callerOf } from '../../support/http-server.ts'
import { noLimits } from '../../support/visitor-app.ts'
import { password, webRoot, widgetRoot } from './inbox-page.ts'

const sampleRoot = fileURLToPath(new URL('../../../content/northstar', import.meta.url))
const apiToken = 'the-token-of-the-environment-0123456789'

/** The invented exchange at work, as `start --demo` makes it, with a clock that can be put forward. */
export interface JourneyDesk {
  readonly url: string
  readonly database: TestDatabase
  readonly call: Caller
  /** The sample's inbox of this channel, switched on with these settings and with the bot. */
  switchOn(channel: string, settings: Record<string, unknown>): Promise<string>
  /** Lets this person of the sample sign in, and work whatever the time is; answers their address. */
  employ(key: string): Promise<string>
  /** All of them begin to take work in the same moment. */
  online(...keys: string[]): Promise<void>
  offline(...keys: string[]): Promise<void>
  /** Of the installation's clock: people's promises, not the machine's leases. */
  later(ms: number): void
  conversation(words: string): Promise<Case>
  close(): Promise<void>
}

export interface Case {
  readonly id: string
  readonly number: string
  readonly team: string | null
  readonly assignee: string | null
  readonly holder: string
  readonly status: string
  readonly tier: number
}

const addressOf = (key: string) => `${key}@people.northstar.example`

export async function journeyDesk(channels: readonly ChannelAdapter[]): Promise<JourneyDesk> {
  const database = await testDatabase()
  const { pool } = database.db
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-journey-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const site = { API_TOKEN: apiToken, PORT: String(port), PUBLIC_URL: url, DATA_DIR: dataDir }
  let ahead = 0
  const log: string[] = []
  const app = await createApp({
    config: readConfig({}, { ...site, ADMIN_EMAIL: '', SECRET_KEY: '', OUTBOUND_ALLOW: '127.0.0.1' }),
    channels,
    target: database.target,
    dataDir,
    secretKey: 'the secret key of the tests, long enough',
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    clock: () => new Date(Date.now() + ahead),
    visitorLimits: noLimits,
    poolSize: 6,
    ...{ webRoot, widgetRoot, sampleRoot },
  })
  if (!(await app.loadSample())) throw new Error('The sample was here already.')
  const passwordHash = await hashPassword(password)
  const call = callerOf(url, { authorization: `Bearer ${apiToken}` })
  const available =
    (state: string) =>
    async (...keys: string[]) => {
      const addresses = keys.map(addressOf)
      await pool.query('update agent set availability = $2 where email = any($1)', [addresses, state])
    }
  return {
    ...{ url, database, call },
    async switchOn(channel, settings) {
      const { rows } = await pool.query('select id from inbox where channel = $1', [channel])
      const id = String(rows[0].id)
      const patch = { enabled: true, settings: { ...settings, bot: true } }
      const answer = await call(`PATCH /inboxes/${id}`, patch)
      if (answer.status !== 200) throw new Error(`not switched on: ${answer.text}`)
      // Everything is learned: from here on the bot answers as it will tomorrow.
      await eventually(async () => ((await pool.query('select from bot_model')).rowCount ?? 0) > 0, learning)
      return id
    },
    async employ(key) {
      const { rowCount } = await pool.query(`update agent set password_hash = $2, shifts = '[]' where email = $1`, [
        addressOf(key),
        passwordHash,
      ])
      if (rowCount !== 1) throw new Error(`The sample has no ${key}.`)
      return addressOf(key)
    },
    online: available('online'),
    offline: available('offline'),
    later: (ms) => {
      ahead += ms
    },
    async conversation(words) {
      const { rows } = await pool.query(
        `select c.id, c.number::text, t.name as team, g.name as assignee, c.holder, c.status, c.tier
          from message m join conversation c on c.id = m.conversation_id left join team t on t.id = c.team_id
          left join agent g on g.id = c.assignee_id where m.text like $1 || '%' order by m.id desc limit 1`,
        [words],
      )
      if (!rows[0]) throw new Error(`Nobody wrote ${words}`)
      return rows[0] as Case
    },
    close: async () => {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
      if (process.env['JOURNEY_LOG']) console.log(log.join(''))
    },
  }
}

/** Seconds, on a machine that has nothing else to do. */
const learning = { timeoutMs: 240_000, intervalMs: 200 }

/** For a machine that is busy with something else. */
export const patience = { timeoutMs: 60_000, intervalMs: 50 }
