import { channels } from '../../channels/index.ts'
import { type Database, openDatabase, pendingMigrations } from '../store/database.ts'
import { checkDatabase, withClient } from '../store/database-check.ts'
import type { Command, Output } from './command.ts'
import { checkInboxes } from './doctor-inboxes.ts'
import { oneLine } from './one-line.ts'
import { type Site, withSite } from './site.ts'

/** Beyond it promised times and sign-in codes go wrong, ms. */
const tolerableSkew = 2000

export const doctor: Command = {
  name: 'doctor',
  about: 'Checks configuration, database, clock and the credentials of every inbox, and says how to mend each.',
  options: {},
  run: async (_input, output) => {
    const report = createReport(output)
    // A wrong variable throws here and is told in its own line.
    await withSite(async (site) => {
      report.good(
        'configuration',
        `data in ${site.dataDir}${site.config.databaseUrl ? ', database at DATABASE_URL' : ''}`,
      )
      if (await databaseIsFit(site, report)) await checkContents(site, report)
    }).catch((error: unknown) => report.bad('start', oneLine(error)))
    return report.failures() === 0 ? 0 : 1
  },
}

export interface Report {
  good(what: string, detail: string): void
  bad(what: string, howToMend: string): void
  failures(): number
}

function createReport(output: Output): Report {
  let failures = 0
  return {
    good: (what, detail) => output.say(`ok   ${what}: ${detail}`),
    bad: (what, howToMend) => {
      failures++
      output.say(`BAD  ${what}: ${howToMend}`)
    },
    failures: () => failures,
  }
}

async function databaseIsFit({ target }: Site, report: Report): Promise<boolean> {
  return withClient(target, async (client) => {
    const complaints = await checkDatabase(client)
    for (const complaint of complaints) report.bad('database', complaint)
    if (complaints.length > 0) return false
    const { rows } = await client.query<{ version: string; now: Date }>(
      `select current_setting('server_version') as version, clock_timestamp() as now`,
    )
    report.good('database', `PostgreSQL ${rows[0]?.version}, UTF8, finds Chinese words`)
    const skew = Math.abs(Date.now() - (rows[0]?.now.getTime() ?? 0))
    if (skew <= tolerableSkew) report.good('clock', 'that of the database agrees')
    else report.bad('clock', `it is ${Math.round(skew / 1000)} s off the database's; set both by NTP`)
    return true
  })
}

async function checkContents(site: Site, report: Report): Promise<void> {
  const db: Database = await openDatabase(site.target, { poolSize: 2 })
  try {
    if (await pendingMigrations(db)) {
      report.bad('tables', 'they are older than this release; run: tributary migrate')
      return
    }
    report.good('tables', 'those of this release')
    await checkInboxes({ ...site, db }, channels, report)
  } finally {
    await db.close()
  }
}
