import type { EventOutcome, InboundChoice, InboundEvent } from '../channel/contract.ts'
import { noteChange } from '../store/change-order.ts'
import { markApplied, parkEvent, type StoredEvent } from '../store/inbound.ts'
import { linkRawFiles } from '../store/letter-parts.ts'
import { applyEcho } from './apply-echo.ts'
import { applyEdit } from './apply-edit.ts'
import { type ApplyContext, applyMessages } from './apply-messages.ts'
import { applyMoved } from './apply-moved.ts'
import { applyReceiptEvent } from './apply-receipt.ts'
import { applyReaction, applyRemoval } from './apply-removal.ts'
import type { InboundMessage } from './fold.ts'
import { inItsThread, seeksThread } from './join.ts'
import { linkCodeIn, redeemed } from './link-code.ts'

/** An event with the row that makes it happen once. */
export interface Recorded<E extends InboundEvent = InboundEvent> {
  readonly rowId: string
  readonly event: E
}

/** What a change of one message answers: null when that message is not known yet, so the event waits for it. `whose`: as in `Change`. */
export type ChangeOutcome = {
  readonly conversationId: string
  readonly messageId: string
  readonly whose?: string
} | null

/**
 * Applies events in order: the one way into conversations, for a whole batch and, after a failure, for one event alone.
 * Runs are cut where the kind changes.
 */
export async function apply(ctx: ApplyContext, recorded: readonly Recorded[]): Promise<EventOutcome[]> {
  const outcomes: EventOutcome[] = []
  for (const run of runsOf(recorded)) {
    const first = run[0]!
    if (seeksThread(first.event)) run[0] = { ...first, event: await inItsThread(ctx, first) }
    await tryCode(ctx, run)
    const messages = run.flatMap((r) => asMessage(r.event) ?? [])
    if (messages.length === run.length) {
      const applied = await applyMessages(ctx, messages)
      outcomes.push(...applied.outcomes)
      await applyWaiting(ctx, applied.parked)
    } else outcomes.push(await applyChange(ctx, run[0]!))
  }
  await linkRawFiles(ctx.tx, withRawFile(recorded, outcomes))
  return outcomes
}

async function tryCode(ctx: ApplyContext, run: Recorded[]): Promise<void> {
  const { rowId, event } = run[0]!
  const code = linkCodeIn(event)
  if (code !== null && event.kind === 'message') run[0] = { rowId, event: await redeemed(ctx, event, code) }
}

/** What is said of a message (a receipt) is not its raw form. */
function withRawFile(recorded: readonly Recorded[], outcomes: readonly EventOutcome[]) {
  return recorded.flatMap(({ rowId, event }, at) => {
    const outcome = outcomes[at]
    if (event.rawFileId === undefined || (event.kind !== 'message' && event.kind !== 'echo')) return []
    if (outcome?.kind !== 'applied' || outcome.messageId === undefined) return []
    return [{ rowId, messageId: outcome.messageId }]
  })
}

function runsOf(recorded: readonly Recorded[]): Recorded[][] {
  const runs: Recorded[][] = []
  for (const item of recorded) {
    const last = runs.at(-1)
    if (last && joinsRun(last[0]!.event, item.event)) last.push(item)
    else runs.push([item])
  }
  return runs
}

function joinsRun(first: InboundEvent, next: InboundEvent): boolean {
  const [a, b] = [asMessage(first), asMessage(next)]
  const alone = a?.groupKey ?? b?.groupKey
  if (a === null || b === null || alone !== undefined) return false
  return [first, next].every((event) => !seeksThread(event) && linkCodeIn(event) === null)
}

/** A pressed button is what the customer says. */
function asMessage(event: InboundEvent): InboundMessage | null {
  if (event.kind === 'message') return event
  return event.kind === 'choice' ? saidByChoice(event) : null
}

function saidByChoice(event: InboundChoice): InboundMessage {
  const { of, label, ...rest } = event
  return { ...rest, kind: 'message', text: label, replyTo: of }
}

async function applyChange(ctx: ApplyContext, { rowId, event }: Recorded): Promise<EventOutcome> {
  const { outcome, target } = await changeOf(ctx, event)
  if (outcome === null && target !== null) {
    await parkEvent(ctx.tx, rowId, target, event)
    return { kind: 'parked' }
  }
  if (outcome === null) return { kind: 'applied' }
  await noted(ctx, { rowId, event }, outcome)
  return { kind: 'applied', conversationId: outcome.conversationId, messageId: outcome.messageId }
}

async function noted({ tx }: ApplyContext, { rowId, event }: Recorded, outcome: ChangeOutcome): Promise<void> {
  if (outcome !== null && (event.kind === 'edit' || event.kind === 'reaction')) await noteChange(tx, rowId, outcome)
}

async function changeOf(
  ctx: ApplyContext,
  event: InboundEvent,
): Promise<{ outcome: ChangeOutcome; target: string | null }> {
  switch (event.kind) {
    case 'edit':
      return { outcome: await applyEdit(ctx, event), target: event.externalId }
    case 'removal':
      return { outcome: await applyRemoval(ctx, event), target: event.externalId }
    case 'reaction':
      return { outcome: await applyReaction(ctx, event), target: event.externalId }
    case 'receipt':
      return { outcome: await applyReceiptEvent(ctx, event), target: event.externalId }
    case 'echo':
      return { outcome: await applyEcho(ctx, event), target: event.externalId }
    case 'moved':
      await applyMoved(ctx, event)
      return { outcome: null, target: null }
    case 'message':
    case 'choice':
      throw new Error(`${event.kind} is applied in runs`)
    default:
      return event satisfies never
  }
}

/** Edits, removals and reactions that came before their message. */
async function applyWaiting(ctx: ApplyContext, waiting: readonly StoredEvent[]): Promise<void> {
  for (const stored of waiting) {
    const { outcome } = await changeOf(ctx, stored.event)
    if (outcome === null) continue
    await markApplied(ctx.tx, [stored.rowId])
    await noted(ctx, stored, outcome)
  }
}
