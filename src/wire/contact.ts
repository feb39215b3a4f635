import { z } from 'zod'
import { id, time } from './primitive.ts'

export const contact = z.object({
  id,
  name: z.string(),
  /** Where to load it from, for an hour or two. */
  picture: z.string().nullable(),
  identities: z.array(
    z.object({ id, channel: z.string(), name: z.string(), verified: z.boolean(), email: z.string().nullable() }),
  ),
  createdAt: time,
})
export type Contact = z.infer<typeof contact>
