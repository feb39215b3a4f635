import { z } from 'zod'

/** none: it can be loaded. closed: somebody works here already, or this installation came without it. */
export const sample = z.object({ state: z.enum(['none', 'loaded', 'closed']) })
export type Sample = z.infer<typeof sample>
