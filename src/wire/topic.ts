import { z } from 'zod'
import { id } from './primitive.ts'

/** What a case is about, as skills and rules know it. */
export const topic = z.object({ id, name: z.string() })
export type Topic = z.infer<typeof topic>
export const topicBody = z.strictObject({ name: z.string().trim().min(1).max(100) })
export type TopicBody = z.infer<typeof topicBody>
