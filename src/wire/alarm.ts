import { z } from 'zod'
import { healthState } from './inbox.ts'
import { id, time } from './primitive.ts'

/** An inbox that is not connected for over two minutes. */
export const alarm = z.object({
  id,
  inboxId: id,
  inboxName: z.string(),
  state: healthState,
  since: time,
  /** A sentence. */
  error: z.string().optional(),
})
export type Alarm = z.infer<typeof alarm>
