import { z } from 'zod'
import { time } from './primitive.ts'

/** From an authenticator app, or a recovery code. */
export const factorCode = z.string().min(1).max(60)

export const secondFactor = z.object({
  /** null: none is set. */
  since: time.nullable(),
  recoveryCodesLeft: z.number().int(),
})
export type SecondFactor = z.infer<typeof secondFactor>

export const beginFactorBody = z.strictObject({ password: z.string().min(1).max(1000) })

/** Nothing is asked for yet: the code of an app that has this secret confirms it. */
export const begunFactor = z.object({
  /** Base32, to be typed where a QR code cannot be read. */
  secret: z.string(),
  uri: z.string(),
})
export type BegunFactor = z.infer<typeof begunFactor>

export const confirmFactorBody = z.strictObject({ code: factorCode })

/** Shown once. Each signs in once in place of a code. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof recoveryCodes>

export const removeFactorBody = z.union([
  z.strictObject({ password: z.string().min(1).max(1000) }),
  z.strictObject({ code: factorCode }),
])
