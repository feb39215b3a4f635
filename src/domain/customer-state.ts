import type { Status } from './conversation.ts'

export type CustomerState = 'open' | 'waiting' | 'onHold' | 'snoozed' | 'resolved'

export interface StateFacts {
  readonly status: Status
  readonly teamId: string | null
  /** What customers know the team as; null: nothing. */
  readonly sees: string | null
}

/** Of a team that customers know nothing of: every case looks the same until it is over or it is their turn. */
export const isQuietTeam = ({ teamId, sees }: Omit<StateFacts, 'status'>): boolean => teamId !== null && sees === null

/** How far a case is, as far as its customer may know. */
export function customerState(facts: StateFacts): CustomerState {
  const { status } = facts
  if (status === 'resolved' || status === 'spam') return 'resolved'
  return status !== 'waiting' && isQuietTeam(facts) ? 'onHold' : status
}
