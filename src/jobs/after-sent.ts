import type { Connections, FileAccess } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import type { Database } from '../store/database.ts'
import { sentDelivery } from '../store/delivery-claim.ts'
import { sendRequest } from '../store/delivery-request.ts'
import { NotYet, type SingleHandler } from './handler.ts'
import { idIn } from './payload.ts'

export interface AfterSentContext {
  readonly db: Database
  readonly connections: Pick<Connections, 'get'>
  readonly files: FileAccess
}

/** Bookkeeping at the platform. Whatever comes of it, the delivery stays as it is. */
export function afterSent(ctx: AfterSentContext): SingleHandler {
  return {
    limit: 8,
    async run(job) {
      const row = await sentDelivery(ctx.db.pool, idIn(job.payload, 'deliveryId'))
      if (!row || row.externalId === null) return
      try {
        const { connection } = await ctx.connections.get(row.inboxId)
        await connection.afterSent?.(sendRequest(ctx.db.pool, row, ctx.files), { externalId: row.externalId })
      } catch (error) {
        if (error instanceof ChannelError && error.failure.kind === 'rateLimited') {
          throw new NotYet(error.failure.retryAfterMs, error.message, { cause: error })
        }
        throw error
      }
    },
  }
}
