import { z } from 'zod'
import { id } from './primitive.ts'

export const file = z.object({
  id,
  name: z.string(),
  /** Found in the bytes. */
  type: z.string(),
  /** Bytes. */
  size: z.number().int(),
  url: z.string(),
})
export type StoredFile = z.infer<typeof file>
