import type { Files } from '../files/files.ts'
import { type Database, transaction } from '../store/database.ts'
import { eraseEvents, eraseWaitingEvents } from '../store/erase-events.ts'
import { eraseFromLetters } from '../store/erase-letters.ts'
import { eraseSpan } from '../store/erase-messages.ts'
import { endErasure, erasedPlaces, filesRemoved, findErasure, forget } from '../store/erasure.ts'
import { NotYet, type SingleHandler } from './handler.ts'
import { idIn } from './payload.ts'

export interface EraseContext {
  readonly db: Database
  readonly files: Pick<Files, 'remove'>
  /** A run that begins later sees whatever was being stored when it was asked for. */
  readonly graceMs?: number
}

const againMs = 2_000

/** Everything of one person, in small transactions, each of which may be the last of this process: the next run goes over all again. */
export function eraseContactJob(ctx: EraseContext): SingleHandler {
  const { db, graceMs = 15_000 } = ctx
  return {
    limit: 50,
    async run(job, signal) {
      const contactId = idIn(job.payload, 'contactId')
      const begun = await findErasure(db.pool, contactId)
      if (!begun) return
      await transaction(db, (tx) => forget(tx, contactId, null))
      await eraseAll(ctx, contactId, signal)
      if (begun.ageMs < graceMs) throw new NotYet(graceMs - begun.ageMs, 'Something of theirs may be arriving still.')
      if (!(await endErasure(db.pool, contactId))) throw new NotYet(againMs, 'Something is being sent to them still.')
    },
  }
}

async function eraseAll(ctx: EraseContext, contactId: string, signal: AbortSignal): Promise<void> {
  const { db } = ctx
  const { about } = (await findErasure(db.pool, contactId)) ?? {}
  if (!about) return
  const walk = async (step: (after: string) => Promise<string | null>) => {
    for (let after: string | null = '0'; after !== null; ) {
      signal.throwIfAborted()
      after = await step(after)
      await removeFiles(ctx, contactId)
    }
  }
  for (const place of await erasedPlaces(db.pool, contactId)) {
    await walk((after) => eraseSpan(db, { contactId, place, after }))
  }
  await walk((after) => eraseFromLetters(db, { addresses: about.addresses, after }))
  await transaction(db, (tx) => eraseWaitingEvents(tx, contactId, about))
  await walk((after) => eraseEvents(db, { contactId, about, after }))
}

/** The rows that named them are gone and committed; bytes that somebody else uses stay. */
async function removeFiles({ db, files }: EraseContext, contactId: string): Promise<void> {
  const taken = (await findErasure(db.pool, contactId))?.files ?? []
  if (taken.length === 0) return
  const { waiting } = await files.remove(taken)
  const done = taken.filter((id) => !waiting.includes(id))
  await filesRemoved(db.pool, contactId, done)
}
