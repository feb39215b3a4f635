import { z } from 'zod'
import { id, time } from './primitive.ts'

/** Work that gave up; an administrator may try it again. */
export const deadJob = z.object({
  id,
  kind: z.string(),
  attempt: z.number().int(),
  lastError: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  dueAt: time,
})
export type DeadJob = z.infer<typeof deadJob>
export const jobQuery = z.strictObject({
  state: z.enum(['dead']),
  next: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
})
