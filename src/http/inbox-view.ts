import { may, type Principal } from '../domain/principal.ts'
import { visibleSettings } from '../ingest/inbox-settings.ts'
import type { Inbox as InboxRow } from '../store/inbox.ts'
import { type HealthReport, readHealth } from '../store/inbox-health.ts'
import type { Health, Inbox } from '../wire/inbox.ts'
import { describedCapabilities } from './capabilities.ts'
import type { HttpDeps } from './deps.ts'
import { notFound } from './http-error.ts'

export async function inboxViews(deps: HttpDeps, rows: readonly InboxRow[], who: Principal): Promise<Inbox[]> {
  const reports = await readHealth(
    deps.db.pool,
    rows.map((row) => row.id),
  )
  return Promise.all(rows.map((row) => inboxView(deps, row, reports.get(row.id), who)))
}

async function inboxView(
  deps: HttpDeps,
  row: InboxRow,
  report: HealthReport | undefined,
  who: Principal,
): Promise<Inbox> {
  // Removed between the two look-ups.
  if (!report) throw notFound('This inbox')
  const { id, channel, name, enabled, teamId } = row
  return {
    id,
    channel,
    name,
    enabled,
    teamId,
    settings: may(who, 'admin') ? { ...visibleSettings(row) } : null,
    capabilities: await describedCapabilities(deps, id),
    health: {
      state: report.state,
      since: report.since.toISOString(),
      ...(report.error !== null && { error: report.error }),
      ...(report.warning !== null && { warning: report.warning }),
      missing: missingIn(deps, row),
      quarantined: report.quarantined,
    },
    createdAt: row.createdAt.toISOString(),
  }
}

/** Nothing stops for it; who writes to customers there cannot mend it. */
function missingIn({ channels }: HttpDeps, { channel, privacyUrl }: InboxRow): Health['missing'] {
  const asks = channels.find(({ id }) => id === channel)?.asksPrivacyPage === true
  return asks && privacyUrl === null ? ['privacyPage'] : []
}

export interface SeenInbox {
  readonly row: InboxRow
  readonly report: HealthReport
  readonly budgets: Health['budgets']
}

export function healthView(deps: HttpDeps, { row, report, budgets }: SeenInbox): Health {
  return {
    state: report.state,
    since: report.since.toISOString(),
    lastEventAt: report.lastEventAt?.toISOString() ?? null,
    cursor: report.cursor ?? null,
    ...(report.error !== null && { error: report.error }),
    ...(report.warning !== null && { warning: report.warning }),
    missing: missingIn(deps, row),
    budgets,
    quarantined: report.quarantined,
    ignored: [...report.ignored],
  }
}
