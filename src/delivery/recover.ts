import { ChannelError } from '../channel/errors.ts'
import { sends } from '../store/delivery.ts'
import { askLater, type ClaimedDelivery, expiredDeliveries, uncertainDeliveries } from '../store/delivery-claim.ts'
import { sendRequest, threadRef } from '../store/delivery-request.ts'
import { type Outcome, settleDelivery } from '../store/delivery-settle.ts'
import { type DeliverContext, decide } from './deliver.ts'

const batch = 100
const interrupted = 'The server stopped while this was being sent.'

/**
 * Deliveries whose sender died. Where the platform knows our key they go again; elsewhere nobody knows, and an agent is asked.
 * Needs no connection: a platform that is down must not keep its threads locked.
 */
export async function reapDeliveries(ctx: Pick<DeliverContext, 'db' | 'connections'>): Promise<number> {
  let reaped = 0
  for (const row of await expiredDeliveries(ctx.db.pool, batch)) {
    const error = new ChannelError({ kind: 'uncertain' }, interrupted)
    const { outcome } = decide(row, error, error.failure, { idempotent: await isIdempotent(ctx, row) })
    if (await settleDelivery(ctx.db, row, outcome, { from: 'sending', expired: true })) reaped += 1
  }
  return reaped
}

async function isIdempotent(ctx: Pick<DeliverContext, 'connections'>, row: ClaimedDelivery): Promise<boolean> {
  if (!sends(row.operation)) return true
  try {
    const { adapter, settings } = await ctx.connections.describe(row.inboxId)
    return adapter.capabilities(settings, threadRef(row)).idempotentSend
  } catch {
    return false
  }
}

/** Asks platforms that can tell about what is uncertain. Only ever settles towards sent: "not found" proves nothing. */
export async function confirmDeliveries(ctx: DeliverContext): Promise<number> {
  const rows = await uncertainDeliveries(ctx.db.pool, { limit: batch, leaseMs: ctx.leaseMs })
  const confirmed = await Promise.all(
    rows.map((row) =>
      confirmOne(ctx, row).catch(async (err: unknown) => {
        ctx.log.info({ event: 'delivery.unconfirmed', delivery: row.id, inbox: row.inboxId, err }, 'Asked in vain.')
        await askLater(ctx.db.pool, row.id)
        return false
      }),
    ),
  )
  return confirmed.filter(Boolean).length
}

async function confirmOne(ctx: DeliverContext, row: ClaimedDelivery): Promise<boolean> {
  const { connection } = await ctx.connections.get(row.inboxId)
  if (!connection.confirm) return notKnown(ctx, row)
  const receipt = await connection.confirm(
    sendRequest(ctx.db.pool, row, ctx.files),
    AbortSignal.timeout(ctx.deadlineMs),
  )
  if (!receipt) return notKnown(ctx, row)
  const afterSent = connection.afterSent !== undefined
  const { externalId, more } = receipt
  const outcome: Outcome = { state: 'sent', externalId, afterSent, ...(more && { more }) }
  return settleDelivery(ctx.db, row, outcome, { from: 'uncertain' })
}

async function notKnown(ctx: DeliverContext, row: ClaimedDelivery): Promise<false> {
  await askLater(ctx.db.pool, row.id)
  return false
}
