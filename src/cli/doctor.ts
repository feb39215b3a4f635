import { channels } from '../../channels/index.ts'
import { type Database, openDatabase, pendingMigrations } from '../store/database.ts'
import { checkDatabase, withClient } from '../store/database-check.ts'
import { isRunning } from '../store/running.ts'
import type { Command } from './command.ts'
import { checkAddress } from './doctor-address.ts'
import { checkFiles } from './doctor-bucket.ts'
import { checkInboxes } from './doctor-inboxes.ts'
import { checkMachine } from './doctor-machine.ts'
import { createReport, type Report, tolerableSkewMs } from './doctor-report.ts'
import { checkWork } from './doctor-work.ts'
import { oneLine } from './one-line.ts'
import { type Site, withSite } from './site.ts'
import { wayIn } from './way-in.ts'

export const doctor: Command = {
  name: 'doctor',
  about:
    'Checks configuration, database, clock, address, disk, key, backups, work left undone and the credentials of every inbox, and says how to mend each.',
  options: {},
  run: async (_input, output) => {
    const report = createReport(output)
    // A wrong variable throws here and is told in its own line.
    await withSite(async (site) => {
      report.good(
        'configuration',
        `data in ${site.dataDir}${site.config.databaseUrl ? ', database at DATABASE_URL' : ''}`,
      )
      const facts = await databaseIsFit(site, report)
      await checkMachine(site, report)
      await checkFiles(site.config, report)
      if (!facts) return
      await checkAddress({ ...site.config, running: facts.running }, report)
      const way = wayIn(site.config, String(site.config.port))
      if (way) report.good('way in', way)
      await checkContents(site, report, facts)
    }).catch((error: unknown) => report.bad('start', oneLine(error)))
    return report.failures() === 0 ? 0 : 1
  },
}

interface Facts {
  readonly running: boolean
}

async function databaseIsFit({ target }: Site, report: Report): Promise<Facts | undefined> {
  return withClient(target, async (client) => {
    const complaints = await checkDatabase(client)
    for (const complaint of complaints) report.bad('database', complaint)
    if (complaints.length > 0) return undefined
    const { rows } = await client.query<{ version: string; ctype: string; now: Date }>(
      `select current_setting('server_version') as version, datctype as ctype, clock_timestamp() as now
         from pg_database where datname = current_database()`,
    )
    report.good('database', `PostgreSQL ${rows[0]?.version}, UTF8, letters of ${rows[0]?.ctype}, finds Chinese words`)
    const skew = Math.abs(Date.now() - (rows[0]?.now.getTime() ?? 0))
    if (skew <= tolerableSkewMs) report.good('clock', 'that of the database agrees')
    else report.bad('clock', `it is ${Math.round(skew / 1000)} s off the database's; set both by NTP`)
    return { running: await isRunning(client) }
  })
}

async function checkContents(site: Site, report: Report, { running }: Facts): Promise<void> {
  const db: Database = await openDatabase(site.target, { poolSize: 2 })
  try {
    if (await pendingMigrations(db)) {
      report.bad('tables', 'they are older than this release; run: tributary migrate')
      return
    }
    report.good('tables', 'those of this release')
    await checkWork(db, report, running)
    await checkInboxes({ ...site, db }, channels, report)
  } finally {
    await db.close()
  }
}
