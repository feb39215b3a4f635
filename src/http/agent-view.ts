import { may, type Principal } from '../domain/principal.ts'
import type { AgentRow } from '../store/agent.ts'
import type { TeamRow } from '../store/team.ts'
import type { Agent, Team } from '../wire/agent.ts'

export function agentView(row: AgentRow, who: Principal): Agent {
  const shown = row.id === who.agentId || may(who, 'admin')
  return {
    ...row,
    email: shown ? row.email : null,
    secondFactor: shown ? row.secondFactor : null,
    createdAt: row.createdAt.toISOString(),
  }
}

export function teamView(row: TeamRow): Team {
  return { ...row, createdAt: row.createdAt.toISOString() }
}
