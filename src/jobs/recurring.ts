import type { Logger } from 'pino'
import type { Files } from '../files/files.ts'
import { foldConversationCounts } from '../store/conversation-count.ts'
import type { Database } from '../store/database.ts'
import { purgeIdempotencyKeys } from '../store/idempotency.ts'
import { purgeAlarms } from '../store/inbox-alarm.ts'
import { purgeLinkCodes, purgeOneTimeLinks, purgeSessions, purgeWebhookLog } from '../store/purge.ts'
import { purgeRaw } from '../store/quarantine.ts'
import { expireMessages } from '../store/retention.ts'
import { purgeAttempts } from '../store/sign-in-attempt.ts'
import { wakeSnoozed } from '../store/snooze.ts'
import { purgeAddressAsks } from '../store/visitor-address.ts'
import { wakeful } from '../store/wakeful.ts'

export interface RecurringTask {
  readonly name: string
  readonly everyMs: number
  /** Harmless when several processes do it at once. */
  readonly run: () => Promise<void>
}

export interface RecurringContext {
  readonly db: Database
  readonly files: Pick<Files, 'purge'>
  /** Of the people: snooze follows it. */
  readonly clock: () => Date
}

const rawDays = 30
const purgeBatch = 1_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function recurringTasks({ db, files, clock }: RecurringContext): RecurringTask[] {
  return [
    { name: 'unsnooze', everyMs: 1_000, run: async () => void (await wakeSnoozed(db, clock())) },
    { name: 'fold-counts', everyMs: 5_000, run: async () => void (await foldConversationCounts(db)) },
    { name: 'expire', everyMs: hourMs, run: () => expire(db, clock) },
    { name: 'purge', everyMs: hourMs, run: () => purge(db, files) },
  ]
}

export async function purge(db: Database, files: Pick<Files, 'purge'>): Promise<void> {
  for (let more = true; more; ) more = (await purgeRaw(db.pool, rawDays, purgeBatch)) === purgeBatch
  await purgeSessions(db.pool)
  await purgeOneTimeLinks(db.pool)
  await purgeLinkCodes(db.pool)
  await purgeIdempotencyKeys(db.pool)
  await purgeAttempts(db.pool)
  await purgeWebhookLog(db.pool)
  await purgeAlarms(db.pool)
  await purgeAddressAsks(db.pool)
  await files.purge(dayMs)
}

/** What inboxes keep for a stated time only. */
async function expire(db: Database, clock: () => Date): Promise<void> {
  while ((await expireMessages(db, clock())) > 0);
}

/** A task that fails is told and comes again; the others go on. */
export function startRecurring(tasks: readonly RecurringTask[], log: Logger): { stop(): Promise<void> } {
  const loops = tasks.map(({ name, everyMs, run }) =>
    wakeful(everyMs, () =>
      run().catch((err: unknown) => {
        log.warn({ event: 'task.failed', err, task: name }, 'A recurring task failed.')
      }),
    ),
  )
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.close()))
    },
  }
}
