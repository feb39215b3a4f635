import type { Named } from '../store/rule-facts.ts'
import type { BookAction } from './rule-book.ts'

/** Whom and what these actions name. */
export function namedIn(actions: readonly BookAction[], inboxIds: readonly string[]): Named {
  const ids = (of: (action: BookAction) => readonly string[]) => [...new Set(actions.flatMap(of))]
  return {
    teamIds: ids((a) => ('teamId' in a && a.teamId !== undefined ? [a.teamId] : [])),
    topicIds: ids((a) => (a.type === 'topic' ? [a.topicId] : [])),
    policyIds: ids((a) => (a.type === 'policy' ? [a.policyId] : [])),
    agentIds: ids((a) => (a.type === 'agent' ? [a.agentId] : a.type === 'notify' ? a.agentIds : [])),
    inboxIds: [...new Set(inboxIds)],
  }
}
