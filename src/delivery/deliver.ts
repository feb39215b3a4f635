import type { Logger } from 'pino'
import type { ChannelConnection, Connections, FileAccess, OpenInbox, SendReceipt } from '../channel/contract.ts'
import { ChannelError, type ChannelFailure, failureOf } from '../channel/errors.ts'
import type { Database } from '../store/database.ts'
import { sends } from '../store/delivery.ts'
import { type ClaimedDelivery, holdLease } from '../store/delivery-claim.ts'
import { sendRequest, threadRef } from '../store/delivery-request.ts'
import type { Outcome } from '../store/delivery-settle.ts'
import { giveUpAfterMs, type NextStep, nextStep } from './policy.ts'
import { graceMs, type SendCall, withDeadline } from './send-time.ts'

export interface DeliverContext {
  readonly db: Database
  readonly connections: Connections
  readonly files: FileAccess
  readonly log: Logger
  readonly leaseMs: number
  /** Of a send that shows no life. Shorter than the lease, by more than an answer from the database takes. */
  readonly deadlineMs: number
  /** Of any send. */
  readonly longestMs: number
  readonly stopping?: AbortSignal
}

export interface Attempted {
  readonly outcome: Outcome
  readonly step: NextStep | null
  readonly sentence: string | null
}

/** One attempt, no transaction open. null: the lease was lost before anything was sent, so nothing is ours to settle. */
export async function deliver(ctx: DeliverContext, row: ClaimedDelivery): Promise<Attempted | null> {
  let open: OpenInbox
  try {
    open = await ctx.connections.get(row.inboxId)
  } catch (error) {
    // Nothing was sent, whatever went wrong.
    const failure = failureOf(error)
    return decide(row, error, failure.kind === 'uncertain' ? { kind: 'unavailable' } : failure, { idempotent: false })
  }
  const asked = performance.now()
  if (!(await holdLease(ctx.db.pool, row, ctx.leaseMs))) return null
  // A process that was stopped here and woken after its lease must not send either; the monotonic clock went on meanwhile.
  if (performance.now() - asked > ctx.leaseMs - ctx.deadlineMs - graceMs) return null
  const idempotent = isIdempotent(open, row)
  const renew = () => holdLease(ctx.db.pool, row, ctx.leaseMs)
  try {
    const receipt = await withDeadline({ ...ctx, renew }, (call) => perform(open.connection, row, ctx, call))
    const afterSent = sends(row.operation) && open.connection.afterSent !== undefined
    const { externalId, more, refused } = receipt
    const outcome = {
      state: 'sent',
      externalId,
      afterSent,
      ...(more && { more }),
      ...(refused && { refused }),
    } as const
    return { outcome, step: null, sentence: null }
  } catch (error) {
    if (!(error instanceof ChannelError)) {
      const ids = { delivery: row.id, inbox: row.inboxId }
      ctx.log.error(
        { event: 'delivery.bug', err: error, ...ids },
        'A send failed in a way its channel did not foresee.',
      )
    }
    const letters = open.adapter.capabilities(open.settings, threadRef(row)).text.pace === 'letters'
    return decide(row, error, failureOf(error), { idempotent, letters })
  }
}

/** Doing an edit, a removal or a reaction again changes nothing. */
function isIdempotent(open: Pick<OpenInbox, 'adapter' | 'settings'>, row: ClaimedDelivery): boolean {
  return !sends(row.operation) || open.adapter.capabilities(open.settings, threadRef(row)).idempotentSend
}

async function perform(
  connection: ChannelConnection,
  row: ClaimedDelivery,
  { db, files }: Pick<DeliverContext, 'db' | 'files'>,
  { signal, alive }: SendCall,
): Promise<SendReceipt> {
  const request = { ...sendRequest(db.pool, row, files), alive }
  const externalId = row.payload.target ?? ''
  switch (row.operation) {
    case 'send':
    case 'letter':
      return connection.send(request, signal)
    case 'edit':
      if (connection.edit) return connection.edit({ ...request, externalId }, signal)
      break
    case 'remove':
      if (!connection.remove) break
      await connection.remove({ ...request, externalId }, signal)
      return { externalId }
    case 'react':
      if (!connection.react) break
      await connection.react({ ...request, externalId, reactions: row.payload.reactions ?? [] }, signal)
      return { externalId }
    default:
      row.operation satisfies never
  }
  throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, 'This channel cannot change what was sent.')
}

/** The message of anything but a ChannelError may hold secrets or a customer's words: it is logged, not shown. */
function sentenceOf(error: unknown): string {
  return error instanceof ChannelError ? error.message : 'Something went wrong on our side while sending.'
}

export function decide(
  row: ClaimedDelivery,
  error: unknown,
  failure: ChannelFailure,
  channel: { readonly idempotent: boolean; readonly letters?: boolean },
): Attempted {
  const limit = giveUpAfterMs[channel.letters ? 'letters' : 'chat']
  const attempts = { failures: row.failures, ageMs: row.ageMs, giveUpAfterMs: limit }
  const step = nextStep(failure, attempts, channel.idempotent)
  const sentence = sentenceOf(error)
  return { outcome: outcomeOf(step, failure, sentence), step, sentence }
}

function outcomeOf(step: NextStep, failure: ChannelFailure, reason: string): Outcome {
  const said = { failure: failure.kind, reason }
  switch (step.kind) {
    case 'retry':
      return { state: 'pending', afterMs: step.afterMs, counts: true, ...said }
    case 'wait': {
      // The inbox's pause holds everything back; the delivery itself is due when it ends.
      const pauseInbox = step.scope === 'inbox'
      return { state: 'pending', afterMs: step.afterMs, counts: false, ...said, ...(pauseInbox && { pauseInbox }) }
    }
    case 'hold':
      return { state: 'pending', afterMs: 0, counts: false, ...said }
    case 'fail':
      return { state: 'failed', failure: step.failure, reason }
    case 'ask':
      return { state: 'uncertain', failure: 'uncertain', reason }
  }
}
