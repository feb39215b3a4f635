import type { Logger } from 'pino'
import type { Connections } from '../channel/contract.ts'
import { transaction } from '../store/database.ts'
import { inboxesWithoutPace, type Pace, setPace } from '../store/inbox-pace.ts'
import { noteGone } from '../store/queue-gone.ts'
import { mendHolders } from '../store/queue-invariants.ts'
import { releaseUnanswered } from '../store/queue-release.ts'
import type { QueueContext } from './drain.ts'

export interface WatchContext extends QueueContext {
  readonly connections: Pick<Connections, 'describe'>
  readonly log: Logger
}

const atOnce = 200
const mendEveryMs = 60_000

/** What nobody tells: that somebody's shift ended, that a customer was left alone, that something is held by nobody. */
export function watchQueues(ctx: WatchContext): () => Promise<void> {
  let mendedAt = Number.NEGATIVE_INFINITY
  return async () => {
    await learnPaces(ctx)
    await returnUnanswered(ctx)
    if (performance.now() - mendedAt < mendEveryMs) return
    mendedAt = performance.now()
    const mended = await mendHolders(ctx.db)
    for (const conversation of mended) {
      ctx.log.error(
        { event: 'queue.mended', conversation },
        'A conversation was held by nobody and is in its queue again.',
      )
    }
  }
}

export async function returnUnanswered({ db, clock, log }: Pick<WatchContext, 'db' | 'clock' | 'log'>): Promise<void> {
  const now = clock()
  await noteGone(db.pool, now)
  const released = await transaction(db, (tx) => releaseUnanswered(tx, now, atOnce))
  for (const { id, agentId } of released) {
    log.info(
      { event: 'queue.returned', conversation: id, agent: agentId },
      'Left unanswered, it waits in the queue again.',
    )
  }
}

/** Asked once for each inbox: of a channel that is not installed nothing is known, and it is taken for the usual. */
async function learnPaces({ db, connections }: WatchContext): Promise<void> {
  for (const inboxId of await inboxesWithoutPace(db.pool, atOnce)) {
    await setPace(db.pool, inboxId, await paceOf(connections, inboxId))
  }
}

async function paceOf(connections: WatchContext['connections'], inboxId: string): Promise<Pace> {
  try {
    const { adapter, settings } = await connections.describe(inboxId)
    const { text, visitors } = adapter.capabilities(settings)
    return text.pace === 'letters' ? 'letters' : visitors ? 'live' : 'messages'
  } catch {
    return 'messages'
  }
}
