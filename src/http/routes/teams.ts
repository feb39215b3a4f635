import { type Queryable, transaction } from '../../store/database.ts'
import { announceRevoked } from '../../store/session.ts'
import {
  createTeam,
  findTeam,
  listTeams,
  setTeamMembers,
  setTeamRouting,
  type TeamRoutingChanges,
  updateTeam,
} from '../../store/team.ts'
import { newTeam, team, teamPatch } from '../../wire/agent.ts'
import { page } from '../../wire/primitive.ts'
import { teamView } from '../agent-view.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { badField, notFound } from '../http-error.ts'

export function registerTeams(app: Api, deps: HttpDeps): void {
  app.get(
    '/teams',
    { config: { access: 'read' }, schema: { summary: 'All teams', response: { 200: page(team) } } },
    async () => ({ items: (await listTeams(deps.db.pool)).map(teamView), next: null }),
  )
  app.post(
    '/teams',
    { config: { access: 'admin' }, schema: { summary: 'Make a team', body: newTeam, response: { 201: team } } },
    async (request, reply) => {
      const { name, customerSees, customerSeesIn, memberIds, routing } = request.body
      const id = await transaction(deps.db, async (tx) => {
        const made = await createTeam(tx, { name, customerSees: customerSees ?? null, customerSeesIn })
        await setMembers(tx, made, memberIds ?? [])
        if (routing) await changeRouting(tx, made, routing)
        return made
      })
      return reply.code(201).send(await viewOf(deps, id))
    },
  )
  app.patch(
    '/teams/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Change a team', params: idParams, body: teamPatch, response: { 200: team } },
    },
    async (request) => {
      const { id } = request.params
      const { memberIds, routing, ...changes } = request.body
      await transaction(deps.db, async (tx) => {
        if (!(await updateTeam(tx, id, changes))) throw notFound('This team')
        if (memberIds) await setMembers(tx, id, memberIds)
        if (routing) await changeRouting(tx, id, routing)
      })
      return viewOf(deps, id)
    },
  )
}

async function changeRouting(tx: Queryable, id: string, routing: TeamRoutingChanges): Promise<void> {
  const { overflowTeamId } = routing
  if (overflowTeamId === id) throw badField('routing.overflowTeamId', 'is the team itself')
  if (overflowTeamId && !(await findTeam(tx, overflowTeamId))) throw badField('routing.overflowTeamId', 'is no team')
  await setTeamRouting(tx, id, routing)
}

/** Membership decides what is seen, so open sockets look again. */
async function setMembers(tx: Queryable, teamId: string, agentIds: readonly string[]): Promise<void> {
  for (const agentId of await setTeamMembers(tx, teamId, agentIds)) await announceRevoked(tx, 'agent', agentId)
}

async function viewOf(deps: HttpDeps, id: string) {
  const row = await findTeam(deps.db.pool, id)
  if (!row) throw notFound('This team')
  return teamView(row)
}
