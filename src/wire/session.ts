import { z } from 'zod'
import { agent, role } from './agent.ts'
import { emailAddress, id, name, time } from './primitive.ts'
import { factorCode } from './second-factor.ts'

export const scope = z.enum(['read', 'write', 'admin'])
export type Scope = z.infer<typeof scope>

export const signIn = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(1000),
  /** Answered `codeRequired` without it, where the agent has a second factor. */
  code: factorCode.optional(),
})
export type SignIn = z.infer<typeof signIn>

/** GET /me, and the answer of POST /session and POST /one-time/:token. */
export const me = z.object({
  kind: z.enum(['session', 'token']),
  /** null: a token of the installation, not of a person. */
  agent: agent.nullable(),
  scopes: z.array(scope),
  /** Goes back as the header `x-csrf-token` with everything but GET; null for tokens, which need none. */
  csrfToken: z.string().nullable(),
})
export type Me = z.infer<typeof me>

export const ownSession = z.object({
  id,
  current: z.boolean(),
  createdAt: time,
  lastSeenAt: time,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
})
export type OwnSession = z.infer<typeof ownSession>

export const oneTimePurpose = z.enum(['firstAdmin', 'invitation', 'reset'])
export type OneTimePurpose = z.infer<typeof oneTimePurpose>

/** What the page behind a link shows before it is used. */
export const oneTimeInfo = z.object({
  purpose: oneTimePurpose,
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: role.nullable(),
  expiresAt: time,
})
export type OneTimeInfo = z.infer<typeof oneTimeInfo>

/** `email` and `name` are needed where the link does not know them (firstAdmin) and refused for `reset`. */
export const oneTimeUse = z.strictObject({
  password: z.string().min(10).max(1000),
  email: emailAddress.optional(),
  name: name.optional(),
  /** Of a `reset`, where the agent has a second factor. */
  code: factorCode.optional(),
})
export type OneTimeUse = z.infer<typeof oneTimeUse>

export const newInvitation = z.strictObject({
  email: emailAddress,
  role,
  teamIds: z.array(id).max(100).optional(),
})
export type NewInvitation = z.infer<typeof newInvitation>

/** Shown once: whoever holds the link may use it. */
export const oneTimeLink = z.object({ url: z.string(), expiresAt: time })
export type OneTimeLink = z.infer<typeof oneTimeLink>
