import { z } from 'zod'
import { availability } from './agent.ts'
import { id } from './primitive.ts'

/** What a browser may send. Closed: anything else ends the socket. */
export const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ping') }),
  /** `note`: for colleagues only; the customer hears nothing of it. */
  z.strictObject({ type: z.literal('typing'), conversation: id, typing: z.boolean(), note: z.boolean().optional() }),
  /** The conversation on screen; null: none. */
  z.strictObject({ type: z.literal('viewing'), conversation: id.nullable() }),
  /** A person did something in this page so long ago; once a minute is enough, after five minutes there is nothing to say. */
  z.strictObject({ type: z.literal('here'), idleMs: z.number().int().min(0).max(300_000) }),
])
export type ClientFrame = z.infer<typeof clientFrame>

export const serverFrame = z.discriminatedUnion('type', [
  /** First frame. `resync`: what the browser holds is too old; fetch afresh, then go on from `position`. */
  z.object({ type: z.literal('ready'), position: z.string(), resync: z.boolean() }),
  z.object({
    type: z.literal('hint'),
    position: z.string(),
    conversations: z.array(z.object({ conversation: id, version: z.number().int() })),
    /** Other things that changed: inbox, agent, team, tag… */
    other: z.array(z.string()).optional(),
  }),
  /** Sent when hints were dropped because the socket did not keep up. */
  z.object({ type: z.literal('resync'), position: z.string() }),
  z.object({
    type: z.literal('typing'),
    conversation: id,
    typing: z.boolean(),
    note: z.boolean().optional(),
    by: z.object({ type: z.enum(['contact', 'agent']), id: id.nullable(), name: z.string() }),
  }),
  z.object({ type: z.literal('viewers'), conversation: id, agents: z.array(z.object({ id, name: z.string() })) }),
  /** As `presence` of GET /agents. */
  z.object({ type: z.literal('presence'), agentId: id, availability }),
  z.object({ type: z.literal('pong') }),
  /** Carries no state. The socket closes after it. */
  z.object({ type: z.literal('error'), code: z.enum(['badFrame', 'tooLarge', 'signedOut', 'tooSlow', 'tooMany']) }),
])
export type ServerFrame = z.infer<typeof serverFrame>
