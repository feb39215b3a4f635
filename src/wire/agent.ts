import { z } from 'zod'
import { emailAddress, id, name, time } from './primitive.ts'

export const role = z.enum(['admin', 'supervisor', 'agent'])
export type Role = z.infer<typeof role>

export const availability = z.enum(['online', 'away', 'offline'])
export type Availability = z.infer<typeof availability>

export const agent = z.object({
  id,
  /** Only shown to administrators and to the agent. */
  email: z.string().nullable(),
  name: z.string(),
  /** What customers see. */
  publicName: z.string(),
  /** A file id. */
  publicAvatar: z.string().nullable(),
  role,
  /** What the agent said. */
  availability,
  /** What colleagues see: `away` also after five minutes without a sign of life. */
  presence: availability,
  active: z.boolean(),
  teamIds: z.array(id),
  /** Whether signing in asks for a code; null where the address is hidden. */
  secondFactor: z.boolean().nullable(),
  createdAt: time,
})
export type Agent = z.infer<typeof agent>

export const newAgent = z.strictObject({
  email: emailAddress,
  name,
  role,
  publicName: name.optional(),
  password: z.string().min(10).max(1000).optional(),
})
export type NewAgent = z.infer<typeof newAgent>

export const agentPatch = z.strictObject({
  name: name.optional(),
  publicName: name.optional(),
  publicAvatar: id.nullable().optional(),
  role: role.optional(),
  active: z.boolean().optional(),
  /** One's own password needs the current one; an administrator sends a reset link instead. */
  password: z.strictObject({ current: z.string().min(1).max(1000), next: z.string().min(10).max(1000) }).optional(),
})
export type AgentPatch = z.infer<typeof agentPatch>

export const availabilityBody = z.strictObject({ state: availability })

const waitMs = z
  .number()
  .int()
  .min(0)
  .max(7 * 86_400_000)
const points = z.number().int().min(0).max(20)

/** How a team's conversations find their people. */
export const teamRouting = z.strictObject({
  /** To who has most room, to each in turn, or to whoever takes one. */
  strategy: z.enum(['balanced', 'roundRobin', 'manual']),
  /** Points: where somebody waits at an open page, where messages come and go, and letters. */
  weights: z.strictObject({ live: points, messages: points, letters: points }),
  /** What somebody who went away left unanswered waits in the queue again after so long; null: never. */
  graceMs: waitMs.nullable(),
  /** What nobody with the language or the topic took may be given to others of the team after so long; null: never. */
  skillWaitMs: waitMs.nullable(),
  /** And to the people of `overflowTeamId` after so long. */
  overflowWaitMs: waitMs.nullable(),
  overflowTeamId: id.nullable(),
})
export type TeamRouting = z.infer<typeof teamRouting>

/** The languages in which customers are spoken to automatically. */
const inLanguages = z.partialRecord(z.enum(['en', 'zh', 'ja', 'ko', 'ru']), name)

export const team = z.object({
  id,
  name: z.string(),
  /** What customers read instead of a person's name; null: nothing. */
  customerSees: z.string().nullable(),
  /** The same in other languages; where one is missing `customerSees` is said. */
  customerSeesIn: z.record(z.string(), z.string()),
  memberIds: z.array(id),
  routing: teamRouting,
  createdAt: time,
})
export type Team = z.infer<typeof team>

export const newTeam = z.strictObject({
  name,
  customerSees: name.nullable().optional(),
  /** The whole set. */
  customerSeesIn: inLanguages.optional(),
  memberIds: z.array(id).max(1000).optional(),
  routing: teamRouting.partial().optional(),
})
export type NewTeam = z.infer<typeof newTeam>
export const teamPatch = newTeam.partial()
export type TeamPatch = z.infer<typeof teamPatch>
