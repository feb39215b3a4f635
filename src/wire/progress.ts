import { z } from 'zod'
import { id, time } from './primitive.ts'

/** An address under which a customer sees how their case goes on. Its own words are told once, when it is made. */
export const progressLink = z.object({
  id,
  /** 'agent:7'; 'system': it stands in the acknowledgement. */
  createdBy: z.string(),
  createdAt: time,
  revokedAt: time.nullable(),
})
export type ProgressLink = z.infer<typeof progressLink>

export const progressLinks = z.object({
  items: z.array(progressLink),
  /** Others read along there, it was erased, or the inbox has no such pages: none can be made. */
  possible: z.boolean(),
})
export type ProgressLinks = z.infer<typeof progressLinks>

export const madeProgressLink = progressLink.extend({ url: z.string() })
export type MadeProgressLink = z.infer<typeof madeProgressLink>
