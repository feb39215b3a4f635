/** What an automatic message to a customer is about. */
export type AutomaticKind =
  | 'start'
  | 'help'
  | 'status'
  | 'human'
  | 'privacy'
  | 'delete'
  | 'stop'
  | 'erasure'
  // After the customer's long silence: it follows our own word, so it is never fresh.
  | 'reminder'
  /** A rule's macro. */
  | 'rule'
  | 'bot'
  /** What a form asks, one question after the other. */
  | 'form'
  | 'acknowledged'
  // What happens to a case: it is news by itself, however long ago the customer last wrote.
  | 'turn'
  | 'escalated'
  | 'resolved'

export interface AutomaticFacts {
  readonly kind: AutomaticKind
  readonly audience: 'private' | 'shared' | 'public'
  /** When the customer's message that it answers was said. */
  readonly occurredAt: Date
  readonly liveSince: Date
  readonly now: Date
  /** That message was made by a program, or was not meant for us alone. */
  readonly byProgram: boolean
  /** This person asked for no more automatic messages, by another message than the one answered. */
  readonly stopped: boolean
}

export type Silence = 'public' | 'shared' | 'byProgram' | 'history' | 'old' | 'stopped'

/** ms. What is older is no news. */
export const freshMs = 15 * 60_000
/** What people have a right to, whatever they said before. */
const rights: ReadonlySet<AutomaticKind> = new Set(['privacy', 'delete', 'erasure'])
/** What follows something of our own, which has an age of its own. */
const ofOurs: ReadonlySet<AutomaticKind> = new Set(['reminder', 'turn', 'escalated', 'resolved'])

/**
 * Why nothing automatic may be said here; null: it may. The one decision of its kind: whatever is sent to a customer without a
 * person's hand passes it. That one message of theirs is answered at most once is kept by the database.
 */
export function staysSilent(facts: AutomaticFacts): Silence | null {
  const { kind, audience, occurredAt, liveSince, now } = facts
  if (audience === 'public') return 'public'
  if (audience === 'shared' && kind !== 'privacy') return 'shared'
  if (facts.byProgram) return 'byProgram'
  if (occurredAt < liveSince) return 'history'
  if (!ofOurs.has(kind) && now.getTime() - occurredAt.getTime() > freshMs) return 'old'
  return facts.stopped && !rights.has(kind) ? 'stopped' : null
}
