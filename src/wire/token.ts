import { z } from 'zod'
import { id, name, time } from './primitive.ts'
import { scope } from './session.ts'

export const token = z.object({
  id,
  name: z.string(),
  scopes: z.array(scope),
  /** The agent it acts for; null: the installation. */
  agentId: id.nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
})
export type Token = z.infer<typeof token>

export const newToken = z.strictObject({
  name,
  scopes: z.array(scope).min(1).max(3),
  expiresAt: time.optional(),
})
export type NewToken = z.infer<typeof newToken>

/** `secret` is shown this once. */
export const createdToken = token.extend({ secret: z.string() })
export type CreatedToken = z.infer<typeof createdToken>
