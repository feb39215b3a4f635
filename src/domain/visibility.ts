import type { Visibility } from './principal.ts'

export interface Seen {
  readonly inboxId: string
  readonly restricted: boolean
  readonly teamId: string | null
  readonly assigneeId: string | null
}

/** The one rule of who sees a conversation; src/store/visibility.ts says the same in SQL. */
export function sees(who: Visibility, conversation: Seen): boolean {
  if (!who.inboxIds.includes(conversation.inboxId)) return false
  if (!conversation.restricted) return true
  const { teamId, assigneeId } = conversation
  if (assigneeId !== null && assigneeId === who.agentId) return true
  if (teamId !== null) return who.teamIds.includes(teamId)
  return assigneeId === null && who.seesOrphans
}
