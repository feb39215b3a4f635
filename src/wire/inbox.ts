import { z } from 'zod'
import { capabilities } from './channel.ts'
import { fieldProblem } from './error.ts'
import { id, name, time } from './primitive.ts'

const settings = z.record(z.string(), z.unknown())

/** What an administrator should add, although nothing stops without it. */
const missing = z.array(z.enum(['privacyPage'])).readonly()

export const healthState = z.enum(['connecting', 'connected', 'unavailable', 'badCredentials', 'stopped'])
export type HealthState = z.infer<typeof healthState>

/** What the platform lets this inbox send within a time, and how much of it is left. */
export const budgetLeft = z.object({
  /** What is counted, in the channel's words. */
  name: z.string(),
  max: z.number().int(),
  windowMs: z.number(),
  left: z.number().int(),
  /** When it becomes more; null: all of it is there. */
  until: time.nullable(),
})
export type BudgetLeft = z.infer<typeof budgetLeft>

export const health = z.object({
  state: healthState,
  since: time,
  lastEventAt: time.nullable(),
  /** Where receiving resumes; the channel's own value, for people who look for a fault. */
  cursor: z.unknown(),
  /** A sentence. */
  error: z.string().optional(),
  warning: z.string().optional(),
  missing,
  budgets: z.array(budgetLeft),
  quarantined: z.number().int(),
  ignored: z.array(z.object({ reason: z.string(), count: z.number().int() })),
})
export type Health = z.infer<typeof health>

export const inbox = z.object({
  id,
  channel: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  teamId: id.nullable(),
  /** Secrets read "•••"; sent back as they are they stay what they were. null for those who may not see settings. */
  settings: settings.nullable(),
  capabilities: capabilities.nullable(),
  health: z.object({
    state: healthState,
    since: time,
    error: z.string().optional(),
    warning: z.string().optional(),
    missing,
    quarantined: z.number().int(),
  }),
  createdAt: time,
})
export type Inbox = z.infer<typeof inbox>

export const newInbox = z.strictObject({
  channel: z.string().min(1).max(40),
  name,
  settings,
  teamId: id.nullable().optional(),
  enabled: z.boolean().optional(),
})
export type NewInbox = z.infer<typeof newInbox>

export const inboxPatch = z.strictObject({
  name: name.optional(),
  settings: settings.optional(),
  teamId: id.nullable().optional(),
  enabled: z.boolean().optional(),
})
export type InboxPatch = z.infer<typeof inboxPatch>

/** `id`: take the secrets that read "•••" from this inbox. */
export const inboxTest = z.strictObject({ channel: z.string().min(1).max(40), settings, id: id.optional() })
export type InboxTest = z.infer<typeof inboxTest>
export const inboxTestResult = fieldProblem.partial({ field: true }).extend({
  ok: z.boolean(),
  /** What the channel said went wrong, where no field is at fault. */
  failure: z.enum(['auth', 'unavailable', 'rateLimited', 'rejected', 'uncertain']).optional(),
})
export type InboxTestResult = z.infer<typeof inboxTestResult>

/** Agents named one by one; the inbox's team sees it as well. */
export const inboxMembers = z.object({ agentIds: z.array(id), teamId: id.nullable() })
export type InboxMembers = z.infer<typeof inboxMembers>
export const inboxMembersBody = z.strictObject({ agentIds: z.array(id).max(10_000) })
export type InboxMembersBody = z.infer<typeof inboxMembersBody>

export const quarantineItem = z.object({
  id,
  inboxId: id,
  eventId: z.string(),
  kind: z.string(),
  reason: z.string(),
  raw: z.unknown(),
  receivedAt: time,
})
export type QuarantineItem = z.infer<typeof quarantineItem>
export const quarantineRetry = z.object({
  outcome: z.enum(['applied', 'duplicate', 'parked', 'quarantined']),
  reason: z.string().optional(),
})
export type QuarantineRetry = z.infer<typeof quarantineRetry>
