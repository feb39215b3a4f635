import type { Logger } from 'pino'
import { lockConversations } from '../store/conversation.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import { unfinishedAfter } from '../store/promise-case.ts'
import { changesAfter, lockReader, readerState, setReader } from '../store/promise-reader.ts'
import { dueToTell, markTold, type ToldPromise, tellPromises } from '../store/promise-told.ts'
import { wakeful } from '../store/wakeful.ts'
import type { SingleHandler } from './handler.ts'
import { recalculate } from './recalculate-promises.ts'

const floorMs = 1_000
/** Under a steady stream of changes promises are looked at this often. */
const gapMs = 250
const changesAtOnce = 1_000
/** Their conversations are locked meanwhile. */
const toldAtOnce = 25
const casesAtOnce = 500

export interface PromiseContext {
  readonly db: Database
  readonly log: Logger
  readonly clock: () => Date
  /** In the transaction that tells it, once for each broken promise: what is to follow from it. */
  readonly onBreach?: (tx: Queryable, broken: readonly ToldPromise[]) => Promise<void>
}

/** Keeps what is promised true to what happens, and tells what is about to be broken, or is. */
export function startPromises(ctx: PromiseContext): { stop(): Promise<void> } {
  let failing = false
  const work = async () => {
    try {
      while (await keepCurrent(ctx));
      while ((await tellDue(ctx)) >= toldAtOnce);
      failing = false
    } catch (err) {
      if (!failing) ctx.log.warn({ event: 'promises.failed', err }, 'Promises cannot be kept up to date.')
      failing = true
    }
  }
  const loop = wakeful(floorMs, work, gapMs)
  const listener = ctx.db.notifications.listen(['feed_position'], loop.wake, loop.wake)
  return {
    async stop() {
      listener.close()
      await loop.close()
    },
  }
}

/**
 * Reads what happened since it last did. It holds no lock that messages wait for but for the moment in which a nearest promise
 * changes. True: there may be more.
 */
export async function keepCurrent({ db, clock }: Pick<PromiseContext, 'db' | 'clock'>): Promise<boolean> {
  const state = await readerState(db.pool)
  if (state.position !== null && BigInt(state.position) >= BigInt(state.head)) return false
  if (!state.needed) {
    await setReader(db.pool, state.head)
    return false
  }
  if (state.position === null) await setReader(db.pool, '0')
  return transaction(db, async (tx) => {
    const from = await lockReader(tx, false)
    if (from === null) return false
    const { conversationIds, position } = await changesAfter(tx, from, changesAtOnce)
    await recalculate(tx, conversationIds, { now: clock(), afterwards: false })
    await setReader(tx, position)
    return position !== from
  })
}

/** Each warning and each broken promise once, whoever looks. Answers how many conversations were looked at. */
export async function tellDue({ db, clock, onBreach, log }: PromiseContext): Promise<number> {
  const now = clock()
  const ids = await dueToTell(db.pool, now, toldAtOnce)
  if (ids.length === 0) return 0
  const told = await transaction(db, async (tx) => {
    if ((await lockReader(tx, false)) === null) return null
    // An answer that is just being written comes first: it may have been in time.
    await lockConversations(tx, ids)
    await recalculate(tx, ids, { now, afterwards: false })
    const marked = await markTold(tx, ids, now)
    await tellPromises(tx, marked)
    const broken = marked.filter((one) => one.broken)
    if (broken.length > 0) await onBreach?.(tx, broken)
    return marked
  })
  for (const { conversationId, kind } of told?.filter((one) => one.broken) ?? []) {
    log.info({ event: 'promise.broken', conversation: conversationId, promise: kind }, 'A promise is broken.')
  }
  return told === null ? 0 : ids.length
}

/** Somebody changed what is promised: everything that is not over is reckoned anew, in pieces. */
export function recalculateEverything({ db, clock }: Pick<PromiseContext, 'db' | 'clock'>): SingleHandler {
  return {
    run: async (_job, signal) => {
      await setReader(db.pool, '0')
      for (let after = '0'; !signal.aborted; ) {
        const rows = await unfinishedAfter(db.pool, after, casesAtOnce)
        if (rows.length === 0) return
        await transaction(db, async (tx) => {
          await lockReader(tx, true)
          const ids = rows.map(({ id }) => id)
          await recalculate(tx, ids, { now: clock(), afterwards: true })
        })
        after = rows.at(-1)?.threadId ?? after
      }
      signal.throwIfAborted()
    },
  }
}
