import type { Database } from '../store/database.ts'
import { listInboxes } from '../store/inbox.ts'
import { readHealth } from '../store/inbox-health.ts'
import { countJobs } from '../store/job-dead.ts'
import type { Report } from './doctor-report.ts'

/** What was given up, put aside, or does not come in. */
export async function checkWork(db: Database, report: Report, running: boolean): Promise<void> {
  const dead = (await countJobs(db.pool)).filter((count) => count.dead > 0)
  if (dead.length === 0) report.good('work', 'nothing was given up')
  else
    report.bad(
      'work',
      `given up: ${dead.map(({ kind, dead: n }) => `${n} of ${kind}`).join(', ')}; see why and try again under Settings, or with POST /api/v1/jobs/:id/retry`,
    )
  await checkReceiving(db, report, running)
}

async function checkReceiving(db: Database, report: Report, running: boolean): Promise<void> {
  const inboxes = await listInboxes(db.pool)
  const health = await readHealth(
    db.pool,
    inboxes.map(({ id }) => id),
  )
  for (const { id, name, enabled } of inboxes) {
    const found = health.get(id)
    const what = `inbox ${id} (${name})`
    if (found && found.quarantined > 0)
      report.bad(
        what,
        `${found.quarantined} of its messages could not be read and were put aside; see why and try again in its settings`,
      )
    // Without a running server every inbox is down, and nobody needs to be told.
    if (!running || !enabled || !found || found.state === 'connected') continue
    const since = `since ${found.since.toISOString()}`
    if (found.state === 'connecting') report.warn(what, `connecting ${since}`)
    else
      report.bad(
        what,
        `receives nothing ${since}: ${found.error ?? found.state}${found.state === 'badCredentials' ? ' Enter the credentials anew in its settings.' : ''}`,
      )
  }
}
