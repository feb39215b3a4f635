import type { Connections } from '../channel/contract.ts'
import { deadline } from '../channel/deadline.ts'
import { ChannelError } from '../channel/errors.ts'
import { TooLarge } from '../files/blob-store.ts'
import type { Files } from '../files/files.ts'
import { isSafeImage } from '../files/sniff.ts'
import type { Database } from '../store/database.ts'
import { settlePicture, type WantedPicture, wantedPicture } from '../store/identity-picture.ts'
import { endWith } from './end-with.ts'
import { NotYet, type SingleHandler } from './handler.ts'
import { idIn } from './payload.ts'

export interface PictureContext {
  readonly db: Database
  readonly connections: Pick<Connections, 'get'>
  readonly files: Pick<Files, 'store'>
}

const maxBytes = 2_000_000
const patienceMs = 30_000
const authWaitMs = 60_000
/** Nobody misses it so much that an administrator should hear of it; it is asked for again a month later. */
const mostFailures = 5

/** The face of whoever wrote, kept here: a browser never learns a platform's address. */
export function fetchPicture(ctx: PictureContext): SingleHandler {
  return {
    async run(job, signal) {
      const identityId = idIn(job.payload, 'identityId')
      const wanted = await wantedPicture(ctx.db.pool, identityId)
      if (!wanted || job.failures >= mostFailures) return
      const fileId = await fetched(ctx, wanted, signal)
      await settlePicture(ctx.db, identityId, { ref: wanted.ref, fileId })
    },
  }
}

async function fetched(ctx: PictureContext, wanted: WantedPicture, signal: AbortSignal): Promise<string | null> {
  const { inboxId, name, ref } = wanted
  const { signal: until, done } = deadline(patienceMs, signal)
  try {
    const { connection } = await ctx.connections.get(inboxId)
    const stream = await connection.download({ name, ref }, until)
    endWith(stream, until)
    const file = await ctx.files.store({ stream, name, owner: `inbox:${inboxId}`, maxBytes })
    // By its bytes: what is no picture is left to the clean-up.
    return isSafeImage(file.type) ? file.id : null
  } catch (error) {
    if (error instanceof TooLarge) return null
    if (!(error instanceof ChannelError)) throw error
    const { failure, message } = error
    if (failure.kind === 'rejected') return null
    if (failure.kind === 'rateLimited') throw new NotYet(failure.retryAfterMs, message, { cause: error })
    if (failure.kind === 'auth') throw new NotYet(authWaitMs, message, { cause: error })
    throw error
  } finally {
    done()
  }
}
