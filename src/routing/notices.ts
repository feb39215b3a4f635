import type { Logger } from 'pino'
import {
  dueNotices,
  endNotice,
  lockNoticeReader,
  noteNotices,
  noticePosition,
  postponeNotice,
  setNoticePosition,
} from '../store/customer-notice.ts'
import { type Database, transaction } from '../store/database.ts'
import { wakeful } from '../store/wakeful.ts'
import { type NoticeContext, tellNotice } from './tell-notice.ts'

const floorMs = 1_000
/** Under a steady stream of changes it is looked this often. */
const gapMs = 250
const changesAtOnce = 1_000
const toldAtOnce = 50
/** Whom somebody answers within this is told nothing of it. */
const answerWithinMs = 60_000
/** What could not be said is tried again; after a quarter of an hour it is no news any more. */
const againMs = 30_000

/** Customers hear what they should know without asking: their number, whose turn it is, what becomes of their case. */
export function startNotices(ctx: NoticeContext & { readonly log: Logger }): { stop(): Promise<void> } {
  let failing = false
  const work = async () => {
    try {
      while (await noteChanges(ctx));
      while ((await tellDueNotices(ctx)) === toldAtOnce);
      failing = false
    } catch (err) {
      if (!failing) ctx.log.warn({ event: 'notices.failed', err }, 'Customers cannot be told what happens.')
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

/** Reads what happened since it last did; what it notes and how far it read commit together. True: there may be more. */
export async function noteChanges({ db, clock }: { db: Database; clock: () => Date }): Promise<boolean> {
  const { position, head } = await noticePosition(db.pool)
  if (position === null) await setNoticePosition(db.pool, head)
  if (position === null || BigInt(position) >= BigInt(head)) return false
  return transaction(db, async (tx) => {
    const from = await lockNoticeReader(tx)
    if (from === null) return false
    const wish = { now: clock(), limit: changesAtOnce, waitMs: answerWithinMs }
    const upTo = await noteNotices(tx, from, wish)
    await setNoticePosition(tx, upTo)
    return upTo !== from
  })
}

/** Said twice it is said once: the client id of a notice names what it tells. Answers how many were looked at. */
export async function tellDueNotices(ctx: NoticeContext): Promise<number> {
  const { db, clock, log } = ctx
  const due = await dueNotices(db.pool, clock(), toldAtOnce)
  for (const notice of due) {
    const at = { notice: notice.kind, conversation: notice.conversationId }
    try {
      const silence = await tellNotice(ctx, notice)
      if (silence !== null) log.info({ event: 'notice.silent', why: silence, ...at }, 'The customer is not told.')
      await endNotice(db.pool, notice.id)
    } catch (err) {
      log.warn({ event: 'notice.failed', err, ...at }, 'A notice could not be written.')
      await postponeNotice(db.pool, notice.id, new Date(clock().getTime() + againMs))
    }
  }
  return due.length
}
