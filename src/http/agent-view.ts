import { may, type Principal } from '../domain/principal.ts'
import type { AgentRow } from '../store/agent.ts'
import type { TeamRow } from '../store/team.ts'
import type { Agent, Team } from '../wire/agent.ts'

export function agentView(row: AgentRow, who: Principal): Agent {
  const showEmail = row.id === who.agentId || may(who, 'admin')
  return { ...row, email: showEmail ? row.email : null, createdAt: row.createdAt.toISOString() }
}

export function teamView(row: TeamRow): Team {
  return { ...row, createdAt: row.createdAt.toISOString() }
}
