import { minutesOf } from '../domain/calendar.ts'
import type { Shift } from '../domain/shift.ts'
import { createAgent } from '../store/agent.ts'
import { writeSkills } from '../store/agent-skills.ts'
import type { Queryable } from '../store/database.ts'
import { createTeam, setTeamMembers, setTeamRouting } from '../store/team.ts'
import { createTopic } from '../store/topic.ts'
import type { Desk } from './desk-files.ts'
import { dayNumber, idOf, type Names } from './names.ts'

/** Topics, teams and the people in them. Nobody of them has a password: none can sign in. */
export async function loadPeople(tx: Queryable, desk: Desk): Promise<Names> {
  const topics = new Map<string, string>()
  for (const { key, name } of desk.topics) topics.set(key, (await createTopic(tx, name['en'] ?? key)).id)
  const agents = await loadAgents(tx, desk, topics)
  const teams = new Map<string, string>()
  for (const { key, name, customerSees } of desk.teams) {
    const { en = null, ...customerSeesIn } = customerSees ?? {}
    teams.set(key, await createTeam(tx, { name, customerSees: en, customerSeesIn }))
  }
  for (const team of desk.teams) {
    const id = idOf(teams, team.key)
    await setTeamMembers(
      tx,
      id,
      team.members.map((member) => idOf(agents, member)),
    )
    await setTeamRouting(tx, id, {
      strategy: team.strategy,
      graceMs: team.graceMinutes * 60_000,
      overflowTeamId: team.overflow === null ? null : idOf(teams, team.overflow),
    })
  }
  return { topics, teams, agents }
}

async function loadAgents(tx: Queryable, desk: Desk, topics: Names['topics']): Promise<Map<string, string>> {
  const agents = new Map<string, string>()
  for (const { key, name, publicName, role, shift: shiftKey, ...skills } of desk.agents) {
    const email = `${key}@people.northstar.example`
    const { id } = await createAgent(tx, { email, name, publicName, role, passwordHash: null })
    const shift = desk.shifts.find((one) => one.key === shiftKey)
    if (!shift) throw new Error(`The sample names the shift "${shiftKey}", which it does not have.`)
    const known = Object.entries(skills.topics).map(([topic, level]) => [idOf(topics, topic), level] as const)
    await writeSkills(tx, id, {
      capacity: skills.capacity,
      tiers: skills.tiers,
      languages: skills.languages,
      topics: Object.fromEntries(known),
      timeZone: shift.timeZone,
      shifts: shiftsOf(shift),
    })
    agents.set(key, id)
  }
  return agents
}

/** One over midnight is two. */
function shiftsOf({ days, from, to }: Desk['shifts'][number]): Shift[] {
  const [begins, ends] = [minutesOf(from), minutesOf(to)]
  return days.flatMap((name) => {
    const day = dayNumber(name)
    if (begins < ends) return [{ day, from: begins, to: ends }]
    return [
      { day, from: begins, to: 1_440 },
      { day: (day % 7) + 1, from: 0, to: ends },
    ]
  })
}
