import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { channels } from '../channels/index.ts'
import type { Config } from '../config/index.ts'
import { type App, createApp } from './app.ts'
import { backUpBeforeMigration } from './cli/before-migration.ts'
import { readSecretKey } from './security/secret-key.ts'
import type { DatabaseTarget } from './store/database.ts'
import { requireDatabase } from './store/database-check.ts'
import { type EmbeddedServer, startEmbedded } from './store/embedded.ts'

export interface Running {
  readonly app: App
  readonly dataDir: string
  readonly embedded: boolean
  /** Drains, closes, then stops the database that is ours. */
  stop(): Promise<void>
  /** Lets everything fall, but leaves no process behind. */
  force(): void
}

export interface MainOptions {
  readonly config: Config
  readonly log: Logger
  /** Of a database of our own, before a release changes its tables. */
  readonly backUpFirst: boolean
  /** This process may no longer work here and must end. */
  readonly onLost: (error: Error) => void
}

interface Ground {
  readonly target: DatabaseTarget
  readonly dataDir: string
  readonly server: EmbeddedServer | undefined
}

/** The composition root: configuration -> database -> application. */
export async function main(options: MainOptions): Promise<Running> {
  const ground = await layGround(options)
  try {
    await requireDatabase(ground.target)
    if (options.backUpFirst) await keepTheOld(options, ground)
    const app = await startApp(options, ground)
    return {
      app,
      dataDir: ground.dataDir,
      embedded: ground.server !== undefined,
      stop: async () => {
        await app.close()
        await ground.server?.stop()
      },
      force: () => ground.server?.kill(),
    }
  } catch (error) {
    await ground.server?.stop()
    throw error
  }
}

async function layGround({ config, log, onLost }: MainOptions): Promise<Ground> {
  const { databaseUrl, dataDir, dataDirIsDefault } = config
  if (databaseUrl !== undefined) return { target: { url: databaseUrl }, dataDir: resolve(dataDir), server: undefined }
  const server = await startEmbedded({ dataDir, dataDirIsDefault, log, onLost })
  return { target: server.target, dataDir: server.dataDir, server }
}

async function keepTheOld({ log }: MainOptions, { target, dataDir, server }: Ground): Promise<void> {
  if (!server) return
  const file = await backUpBeforeMigration(target, dataDir)
  if (file !== undefined) log.info({ event: 'backup.beforeMigration', file }, 'The tables were backed up.')
}

function startApp({ config, log }: MainOptions, { target, dataDir }: Ground): Promise<App> {
  const secret = readSecretKey(dataDir, config.secretKey)
  if (secret.createdAt !== undefined)
    log.warn(
      { event: 'secretKey.created', file: secret.createdAt },
      'A new secret key was made. Keep a copy apart from the data.',
    )
  const webRoot = fromRoot('web/dist')
  const widgetRoot = fromRoot('dist/widget')
  const sampleRoot = fromRoot('content/northstar')
  return createApp({
    config,
    channels,
    target,
    dataDir,
    secretKey: secret.key,
    log,
    ...(existsSync(webRoot) && { webRoot }),
    ...(existsSync(widgetRoot) && { widgetRoot }),
    ...(existsSync(sampleRoot) && { sampleRoot }),
  })
}

/** Of the package, whether this file runs from `src/` or from `dist/src/`. */
function fromRoot(path: string): string {
  const here = fileURLToPath(import.meta.url)
  return resolve(here, here.endsWith('.ts') ? '../..' : '../../..', path)
}
