import { z } from 'zod'
import { id, time } from './primitive.ts'

/** One change, ids only: content is fetched by whoever may see it. */
export const feedEvent = z.object({
  /** Stable; the same in the feed, in outgoing webhooks and in their repeats. */
  id,
  /** Where to resume: `after=` of /events and `since=` of /live. */
  position: z.string(),
  /** message, conversation, delivery, routed, inbox… */
  kind: z.string(),
  conversationId: id.nullable(),
  version: z.number().int().nullable(),
  inboxId: id.nullable(),
  messageId: id.nullable(),
  /** Of kind rule.fired: which rule, and the label it gave. */
  ruleId: id.optional(),
  label: z.string().optional(),
  at: time,
})
export type FeedEvent = z.infer<typeof feedEvent>

export const feedQuery = z.strictObject({
  after: z
    .string()
    .regex(/^[0-9]{1,19}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  /** Seconds to wait when there is nothing yet. */
  wait: z.coerce.number().int().min(0).max(25).optional(),
})
/** `next` is always the position to go on from. */
export const feedPage = z.object({ items: z.array(feedEvent), next: z.string() })
export type FeedPage = z.infer<typeof feedPage>
