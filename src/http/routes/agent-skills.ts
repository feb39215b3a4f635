import { isTimeZone } from '../../domain/shift.ts'
import { type AgentSkills, findSkills, writeSkills } from '../../store/agent-skills.ts'
import { transaction } from '../../store/database.ts'
import { type Skills, type SkillsPatch, skills, skillsPatch } from '../../wire/skills.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { badField, notFound } from '../http-error.ts'

/** What somebody can do, when, and how much at once: supervisors and administrators plan it. */
export function registerAgentSkills(app: Api, deps: HttpDeps): void {
  app.get(
    '/agents/:id/skills',
    {
      config: { access: 'read' },
      schema: { summary: 'Capacity, languages, topics, levels, shifts', params: idParams, response: { 200: skills } },
    },
    async (request) => {
      const row = await findSkills(deps.db.pool, request.params.id)
      if (!row) throw notFound('This agent')
      return skillsView(row)
    },
  )
  app.patch(
    '/agents/:id/skills',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Change what somebody can do, and when',
        params: idParams,
        body: skillsPatch,
        response: { 200: skills },
      },
    },
    async (request) => {
      requireLead(request)
      const { id } = request.params
      const { timeZone } = request.body
      if (timeZone !== undefined && !isTimeZone(timeZone)) throw badField('timeZone', 'is no time zone known here')
      return skillsView(await change(deps, id, request.body))
    },
  )
}

async function change(deps: HttpDeps, id: string, patch: SkillsPatch): Promise<AgentSkills> {
  return transaction(deps.db, async (tx) => {
    const before = await findSkills(tx, id)
    if (!before) throw notFound('This agent')
    const said = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Skills>
    const after = skillsOf({ ...skillsView(before), ...said })
    if (!(await writeSkills(tx, id, after))) throw badField('topics', 'names a topic that is not there')
    return after
  })
}

function skillsView({ languages, topics, shifts, tiers, ...rest }: AgentSkills): Skills {
  return {
    ...rest,
    tiers: tiers as Skills['tiers'],
    languages: Object.entries(languages).map(([language, level]) => ({ language, level })),
    topics: Object.entries(topics).map(([topicId, level]) => ({ topicId, level })),
    shifts: shifts.map(({ day, from, to }) => ({ day, from: clockOf(from), to: clockOf(to) })),
  }
}

function skillsOf({ languages, topics, shifts, ...rest }: Skills): AgentSkills {
  return {
    ...rest,
    languages: Object.fromEntries(languages.map(({ language, level }) => [language, level])),
    topics: Object.fromEntries(topics.map(({ topicId, level }) => [topicId, level])),
    shifts: shifts.map(({ day, from, to }) => ({ day, from: minutesOf(from), to: minutesOf(to) })),
  }
}

function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
