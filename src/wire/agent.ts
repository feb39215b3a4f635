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

export const team = z.object({
  id,
  name: z.string(),
  /** What customers read instead of a person's name; null: nothing. */
  customerSees: z.string().nullable(),
  memberIds: z.array(id),
  createdAt: time,
})
export type Team = z.infer<typeof team>

export const newTeam = z.strictObject({
  name,
  customerSees: name.nullable().optional(),
  memberIds: z.array(id).max(1000).optional(),
})
export type NewTeam = z.infer<typeof newTeam>
export const teamPatch = newTeam.partial()
export type TeamPatch = z.infer<typeof teamPatch>
