import type { Delivery, Message } from '../../../src/wire/message.ts'
import { type BounceReason, bounceReason } from './letter.ts'

/** What an agent should know about a reply on its way; internal states end here. */
export type Progress =
  | { kind: 'sending' | 'sent' | 'delayed' | 'delivered' | 'read' | 'cancelled' | 'left' }
  | { kind: 'held'; why: 'credentials' | 'earlier' | 'other' }
  /** `left`: somebody chose to leave it as it is. */
  | { kind: 'failed'; reason: string; detail?: string | undefined; deliveryIds: string[]; left: boolean }
  | { kind: 'unconfirmed'; deliveryIds: string[] }

const rank: Record<Delivery['state'], number> = {
  uncertain: 0,
  failed: 1,
  held: 2,
  pending: 3,
  sending: 3,
  cancelled: 4,
  sent: 5,
  delivered: 6,
  read: 7,
}

/** A message is as far as its least happy part. */
export function progressOf(message: Pick<Message, 'direction' | 'deliveries'>): Progress | null {
  return progressIn(
    message.direction,
    message.deliveries.filter(({ byLetter }) => !byLetter),
  )
}

/** Of the same words by letter, after the customer had left. */
export function letterProgressOf(message: Pick<Message, 'direction' | 'deliveries'>): Progress | null {
  return progressIn(
    message.direction,
    message.deliveries.filter(({ byLetter }) => byLetter),
  )
}

function progressIn(direction: Message['direction'], deliveries: readonly Delivery[]): Progress | null {
  if (direction !== 'out' || deliveries.length === 0) return null
  const worst = deliveries.reduce((a, b) => (rank[b.state] < rank[a.state] ? b : a))
  const same = deliveries.filter((delivery) => delivery.state === worst.state).map((delivery) => delivery.id)
  switch (worst.state) {
    case 'uncertain':
      return unconfirmed(deliveries)
    case 'failed':
      return failed(worst, same)
    case 'held':
      return { kind: 'held', why: heldWhy(worst.reason) }
    case 'pending':
    case 'sending':
      return { kind: 'sending' }
    case 'sent':
      return { kind: deliveries.some(isDelayed) ? 'delayed' : 'sent' }
    default:
      return { kind: worst.state }
  }
}

/** Who did not get it, where others did. */
export function refusedOf({ deliveries }: Pick<Message, 'deliveries'>): { recipient: string; reason: FailedReason }[] {
  return deliveries
    .flatMap(({ refused = [] }) => refused)
    .map(({ recipient, reason }) => ({ recipient, reason: bounceReason(reason) ?? 'other' }))
}

function isDelayed({ state, reason }: Delivery): boolean {
  return state === 'sent' && reason === 'delayed'
}

function failed({ reason = 'other', detail }: Delivery, deliveryIds: string[]): Progress {
  return { kind: 'failed', reason, detail, deliveryIds, left: reason === 'left' }
}

/** What an agent chose to leave is no longer put to anybody. */
function unconfirmed(deliveries: readonly Delivery[]): Progress {
  const open = deliveries.filter(({ state, reason }) => state === 'uncertain' && reason !== 'left')
  return open.length === 0 ? { kind: 'left' } : { kind: 'unconfirmed', deliveryIds: open.map(({ id }) => id) }
}

function heldWhy(reason: string | undefined): 'credentials' | 'earlier' | 'other' {
  if (reason === 'credentials' || reason === 'badCredentials' || reason === 'auth') return 'credentials'
  return reason === 'earlierPart' ? 'earlier' : 'other'
}

export const failedReasons = [
  'blocked',
  'threadGone',
  'tooLarge',
  'unsupported',
  'windowClosed',
  'unavailable',
  'bounced',
] as const
export type FailedReason = (typeof failedReasons)[number] | BounceReason | 'other'

export function failedReason(reason: string, detail?: string): FailedReason {
  if (reason === 'bounced') return bounceReason(detail) ?? 'bounced'
  return failedReasons.find((known) => known === reason) ?? 'other'
}
