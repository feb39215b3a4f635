import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { clientConfig, type DatabaseTarget, migrate } from '../../src/store/database.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { withDatabase } from './database-target.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated template; nobody may connect to it. */
    readonly template: DatabaseTarget
    readonly administration: DatabaseTarget
  }
}

interface Server {
  readonly administration: DatabaseTarget
  readonly template: DatabaseTarget
  stop(): Promise<void>
}

// Vitest runs this file once a project, each in a module graph of its own; the server is one for the run.
const shared = globalThis as { tributaryTestServer?: { users: number; started: Promise<Server> } }

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.tributaryTestServer ??= { users: 0, started: start() }
  const mine = shared.tributaryTestServer
  mine.users++
  const server = await mine.started
  project.provide('administration', server.administration)
  project.provide('template', server.template)
  return async () => {
    mine.users--
    if (mine.users > 0) return
    delete shared.tributaryTestServer
    await server.stop()
  }
}

async function start(): Promise<Server> {
  const server = process.env['TEST_DATABASE_URL'] ? given(process.env['TEST_DATABASE_URL']) : await embedded()
  const name = `tributary_template_${process.pid}`
  const template = withDatabase(server.administration, name)
  await run(server.administration, `create database ${name} template template0 encoding 'UTF8'`)
  await migrate(template)
  await run(server.administration, `alter database ${name} with is_template true allow_connections false`)
  return {
    ...server,
    template,
    stop: async () => {
      await run(server.administration, `alter database ${name} with is_template false`)
      await run(server.administration, `drop database ${name} with (force)`)
      await server.stop()
    },
  }
}

function given(url: string): Omit<Server, 'template'> {
  return { administration: { url }, stop: async () => {} }
}

/** Nothing here must survive a loss of power, so nothing waits for the disk. */
async function embedded(): Promise<Omit<Server, 'template'>> {
  removeAbandoned()
  const dataDir = mkdtempSync(join(tmpdir(), `tributary-run-${process.pid}-`))
  const settings = { fsync: 'off', max_connections: '120', shared_buffers: '128MB', autovacuum: 'off' }
  const log = pino({ level: 'silent' })
  const server = await startEmbedded({ dataDir, dataDirIsDefault: false, log, settings, sync: false })
  return {
    administration: server.target,
    stop: async () => {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** What killed runs left behind: nobody else would ever stop those servers. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^tributary-run-(\d+)-/.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    const dataDir = join(tmpdir(), name)
    try {
      const postmaster = readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0] ?? ''
      const command = readFileSync(`/proc/${postmaster}/cmdline`, 'utf8')
      if (command.includes(`\0${join(dataDir, 'pg')}\0`)) process.kill(Number(postmaster), 'SIGQUIT')
    } catch {
      // Its server is gone already, or it is somebody else's.
    }
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

async function run(target: DatabaseTarget, sql: string): Promise<void> {
  const client = new pg.Client(clientConfig(target))
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
