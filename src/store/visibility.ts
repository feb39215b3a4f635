import type { Visibility } from '../domain/principal.ts'

/**
 * The rule of src/domain/visibility.ts as a condition on a row of `conversation` (or one with its columns inbox_id,
 * restricted, team_id, assignee_id). Appends what it needs to `values`. Every list, search, feed, file and socket
 * passes through here.
 */
export function visible(alias: string, who: Visibility, values: unknown[]): string {
  const inboxes = values.push(who.inboxIds)
  const teams = values.push(who.teamIds)
  const agent = values.push(who.agentId)
  const orphans = values.push(who.seesOrphans)
  return `(${alias}.inbox_id = any($${inboxes}::bigint[]) and (not ${alias}.restricted
    or ${alias}.assignee_id = $${agent}::bigint
    or ${alias}.team_id = any($${teams}::bigint[])
    or ($${orphans}::boolean and ${alias}.team_id is null and ${alias}.assignee_id is null)))`
}
