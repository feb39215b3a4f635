import type { Connections } from '../channel/contract.ts'
import { deadline } from '../channel/deadline.ts'
import { ChannelError } from '../channel/errors.ts'
import { TooLarge } from '../files/blob-store.ts'
import type { Files } from '../files/files.ts'
import { type PendingAttachment, pendingAttachment, settleAttachment } from '../store/attachment.ts'
import type { Database } from '../store/database.ts'
import { endWith } from './end-with.ts'
import { NotYet, type SingleHandler } from './handler.ts'
import { idIn } from './payload.ts'

export interface FetchContext {
  readonly db: Database
  readonly connections: Pick<Connections, 'get'>
  readonly files: Pick<Files, 'store'>
  readonly maxBytes?: number
  /** For one download. */
  readonly patienceMs?: number
}

/** Waits for new credentials; they come from a person. */
const authWaitMs = 60_000

/** The bytes of what a customer sent, fetched after the message is stored: a slow platform delays no message. */
export function fetchAttachment(ctx: FetchContext): SingleHandler {
  return {
    limit: 12,
    async run(job, signal) {
      const attachment = await pendingAttachment(ctx.db.pool, idIn(job.payload, 'attachmentId'))
      if (attachment) await fetchOne(ctx, attachment, signal)
    },
    async gaveUp(job) {
      const id = idIn(job.payload, 'attachmentId')
      await settleAttachment(ctx.db, id, { state: 'failed', reason: 'unavailable' })
    },
  }
}

async function fetchOne(ctx: FetchContext, attachment: PendingAttachment, signal: AbortSignal): Promise<void> {
  const { maxBytes = 50_000_000, patienceMs = 120_000 } = ctx
  const { id, name, inboxId } = attachment
  if ((attachment.size ?? 0) > maxBytes) return refuse(ctx, id, 'tooLarge')
  const { signal: until, done } = deadline(patienceMs, signal)
  try {
    const { connection } = await ctx.connections.get(inboxId)
    const stream = await connection.download(remote(attachment), until)
    endWith(stream, until)
    const file = await ctx.files.store({ stream, name, owner: `inbox:${inboxId}`, maxBytes })
    await settleAttachment(ctx.db, id, { state: 'stored', fileId: file.id, type: file.type, size: file.size })
  } catch (error) {
    if (error instanceof TooLarge) return refuse(ctx, id, 'tooLarge')
    if (!(error instanceof ChannelError)) throw error
    return afterRefusal(ctx, id, error)
  } finally {
    done()
  }
}

function remote({ name, type, size, ref }: PendingAttachment) {
  return { name, type, ref, ...(size === null ? {} : { size }) }
}

async function afterRefusal(ctx: FetchContext, id: string, error: ChannelError): Promise<void> {
  const { failure } = error
  switch (failure.kind) {
    case 'rejected':
      await refuse(ctx, id, failure.reason)
      return
    case 'rateLimited':
      throw new NotYet(failure.retryAfterMs, error.message, { cause: error })
    case 'auth':
      throw new NotYet(authWaitMs, error.message, { cause: error })
    case 'unavailable':
    case 'uncertain':
      throw error
    default:
      failure satisfies never
  }
}

/** Shown beside the message; a dead job would tell an administrator nothing to do. */
async function refuse(ctx: FetchContext, id: string, reason: string): Promise<void> {
  await settleAttachment(ctx.db, id, { state: 'failed', reason })
}
