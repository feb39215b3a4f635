import type { Logger } from 'pino'
import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../store/database.ts'
import { countOpenAlarms, type InboxAlarm, watchInboxes } from '../store/inbox-alarm.ts'
import type { RecurringTask } from './recurring.ts'

const EVERY_MS = 10_000

export interface AlarmContext {
  readonly db: Database
  readonly log: Logger
  readonly registry: Registry
  /** Tells people outside of the program, by whatever still works; told at most once, its failure is only logged. */
  readonly sendNotice?: (alarm: InboxAlarm) => Promise<unknown>
}

/** An inbox that is not connected for two minutes is an alarm, until it is connected, switched off or removed. */
export function inboxAlarms(ctx: AlarmContext): RecurringTask {
  const down: Gauge = new Gauge({
    name: 'tributary_inbox_down',
    help: 'Inboxes that are not connected for over two minutes.',
    registers: [ctx.registry],
    collect: async () => {
      const count = await countOpenAlarms(ctx.db.pool).catch(() => null)
      if (count !== null) down.set(count)
    },
  })
  return { name: 'inbox-alarms', everyMs: EVERY_MS, run: () => lookOnce(ctx) }
}

export async function lookOnce({ db, log, sendNotice }: AlarmContext): Promise<void> {
  const { opened, ended, told } = await watchInboxes(db)
  for (const { inboxId, state, since } of opened) {
    log.warn({ event: 'inbox.down', inbox: inboxId, state, since }, 'An inbox is not connected.')
  }
  for (const { inboxId } of ended) log.info({ event: 'inbox.up', inbox: inboxId }, 'An inbox is connected again.')
  if (!sendNotice) return
  for (const alarm of told) {
    await sendNotice(alarm).catch((err: unknown) => {
      log.warn({ event: 'notice.failed', err, inbox: alarm.inboxId }, 'A notice could not be sent.')
    })
  }
}
