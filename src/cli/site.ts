import { resolve } from 'node:path'
import { pino } from 'pino'
import { type Config, readConfig } from '../../config/index.ts'
import { type Database, type DatabaseTarget, openDatabase, pendingMigrations } from '../store/database.ts'
import { requireDatabase } from '../store/database-check.ts'
import { attachEmbedded } from '../store/embedded.ts'

export interface Site {
  readonly config: Config
  readonly target: DatabaseTarget
  readonly dataDir: string
}

export interface OpenSite extends Site {
  readonly db: Database
}

/** The installation's database for as long as `work` takes; one that runs is left running. */
export async function withSite<T>(work: (site: Site) => Promise<T>): Promise<T> {
  const config = readConfig()
  if (config.databaseUrl !== undefined)
    return work({ config, target: { url: config.databaseUrl }, dataDir: resolve(config.dataDir) })
  const { dataDir, dataDirIsDefault } = config
  const server = await attachEmbedded({ dataDir, dataDirIsDefault, log: pino({ level: 'silent' }) })
  try {
    return await work({ config, target: server.target, dataDir: server.dataDir })
  } finally {
    await server.stop()
  }
}

/** The same with a pool, on a database that has its tables. */
export async function withDatabase<T>(work: (site: OpenSite) => Promise<T>): Promise<T> {
  return withSite(async (site) => {
    await requireDatabase(site.target)
    const db = await openDatabase(site.target, { poolSize: 2 })
    try {
      if (await pendingMigrations(db))
        throw new Error('The database lacks tables of this release. Run: tributary migrate')
      return await work({ ...site, db })
    } finally {
      await db.close()
    }
  })
}
