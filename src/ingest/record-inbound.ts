import type { CommitResult, EventOutcome, InboundBatch, InboundEvent } from '../channel/contract.ts'
import { type Database, isTransient, together, transaction } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import {
  advanceCursor,
  countIgnored,
  type InboxFacts,
  inboxFacts,
  insertEvents,
  quarantineEvent,
} from '../store/inbound.ts'
import { apply, type Recorded } from './apply-event.ts'
import type { ApplyContext } from './apply-messages.ts'
import { cleanEvent } from './clean.ts'
import { duplicatesOf } from './duplicates.ts'

export interface RecordInput {
  readonly inboxId: string
  readonly batch: InboundBatch
  /** The lease under which the batch was received; absent for what customers push (webhooks, the visitor API). */
  readonly epoch?: string
  readonly now: Date
  /** Pure; may redact an event or drop it (null) before anything is stored. */
  readonly redact?: (event: InboundEvent) => InboundEvent | null
}

/** The lease behind this batch was taken over: nothing of it was stored, and the receive loop must end. */
export class StaleLease extends Error {
  constructor(inboxId: string) {
    super(`Another node receives inbox ${inboxId} now.`)
    this.name = 'StaleLease'
  }
}

/** The inbox was deleted while its channel still delivered. */
export class InboxGone extends Error {
  constructor(inboxId: string) {
    super(`Inbox ${inboxId} does not exist any more.`)
    this.name = 'InboxGone'
  }
}

/**
 * T1: everything the platform told us, and the cursor that says so, in one transaction. Resolves after commit; only
 * then may anything be acknowledged. Rejects with a transient error when the same batch may succeed later.
 */
export async function recordInbound(db: Database, input: RecordInput): Promise<CommitResult> {
  try {
    return await recordOnce(db, input, apply)
  } catch (error) {
    // Later, not wrong: the whole batch comes again.
    if (isTransient(error) || error instanceof StaleLease || error instanceof InboxGone) throw error
    return recordOnce(db, input, applyOneByOne)
  }
}

type Apply = (ctx: ApplyContext, fresh: readonly Recorded[]) => Promise<EventOutcome[]>

function recordOnce(db: Database, input: RecordInput, applyAll: Apply): Promise<CommitResult> {
  return transaction(db, async (tx) => {
    const inbox = await inboxFacts(tx, input.inboxId)
    if (!inbox) throw new InboxGone(input.inboxId)
    const ignored = new Map<string, number>()
    for (const { reason, count } of input.batch.ignored ?? []) add(ignored, reason, count ?? 1)
    const events = admit(inbox, input, ignored)
    const outcomes = await record({ tx, inbox, now: input.now }, events, applyAll)
    await countIgnored(tx, input.inboxId, ignored)
    // Last, so that no other batch of this inbox waits for this row while events are applied.
    if (input.epoch !== undefined || input.batch.cursor !== undefined) {
      const ours = await advanceCursor(tx, input.inboxId, input.batch.cursor, input.epoch ?? null)
      if (!ours) throw new StaleLease(input.inboxId)
    }
    return { outcomes: input.batch.events.map((_, index) => outcomes.get(index) ?? { kind: 'applied' }) }
  })
}

interface Admitted {
  readonly index: number
  readonly event: InboundEvent
}

/** What the inbox takes at all: nothing from before its start point, nothing the redaction stage dropped. */
function admit(inbox: InboxFacts, input: RecordInput, ignored: Map<string, number>): Admitted[] {
  return input.batch.events.flatMap((raw, index) => {
    const cleaned = cleanEvent(raw, input.now)
    if (cleaned.occurredAt < inbox.importFrom) {
      add(ignored, 'before the start of the inbox', 1)
      return []
    }
    const event = input.redact ? input.redact(cleaned) : cleaned
    if (event === null) add(ignored, 'dropped by a rule', 1)
    return event === null ? [] : [{ index, event }]
  })
}

async function record(
  ctx: ApplyContext,
  events: readonly Admitted[],
  applyAll: Apply,
): Promise<Map<number, EventOutcome>> {
  const { tx, inbox } = ctx
  const outcomes = new Map<number, EventOutcome>()
  if (events.length === 0) return outcomes
  const given = events.map((e) => e.event)
  // Heard of at commit, whenever in the transaction it is said.
  const [rowIds] = await together([insertEvents(tx, inbox.id, given), notify(tx, ['feed', 'job'])])
  const fresh: (Recorded & { index: number })[] = []
  const repeated: Admitted[] = []
  for (const { index, event } of events) {
    const rowId = rowIds.get(event.eventId)
    // The same id twice in one batch: the first of them is the event.
    if (rowId !== undefined && rowIds.delete(event.eventId)) fresh.push({ index, event, rowId })
    else repeated.push({ index, event })
  }
  const results = fresh.length > 0 ? await applyAll(ctx, fresh) : []
  fresh.forEach((item, at) => {
    outcomes.set(item.index, results[at]!)
  })
  const known = await duplicatesOf(
    tx,
    inbox.id,
    repeated.map((r) => r.event),
  )
  repeated.forEach((item, at) => {
    outcomes.set(item.index, known[at]!)
  })
  return outcomes
}

/** For a batch that failed as a whole: each behind a savepoint of its own, to find the one for quarantine. */
async function applyOneByOne(ctx: ApplyContext, fresh: readonly Recorded[]): Promise<EventOutcome[]> {
  const outcomes: EventOutcome[] = []
  for (const one of fresh) {
    const alone = await attempt(ctx, [one])
    if ('outcomes' in alone) outcomes.push(...alone.outcomes)
    else {
      await quarantineEvent(ctx.tx, one.rowId, alone.reason, one.event)
      outcomes.push({ kind: 'quarantined', reason: alone.reason })
    }
  }
  return outcomes
}

export async function attempt(
  ctx: ApplyContext,
  recorded: readonly Recorded[],
): Promise<{ outcomes: EventOutcome[] } | { reason: string }> {
  await ctx.tx.query('savepoint batch')
  try {
    const outcomes = await apply(ctx, recorded)
    return { outcomes }
  } catch (error) {
    if (isTransient(error)) throw error
    await ctx.tx.query('rollback to savepoint batch')
    return { reason: reasonOf(error) }
  }
}

// The database's own text may quote a customer's words ("Key (…)=(…)"): its code and constraint say enough.
function reasonOf(error: unknown): string {
  const { code, constraint, message } = error as { code?: string; constraint?: string; message?: string }
  if (code !== undefined) return `The database refused it (${[code, constraint].filter(Boolean).join(', ')}).`
  return message ?? 'It could not be applied.'
}

function add(counts: Map<string, number>, reason: string, n: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + n)
}
