import { z } from 'zod'
import { id, name, time } from './primitive.ts'

export const promiseKind = z.enum(['firstResponse', 'nextResponse', 'resolution', 'update'])
export type PromiseKind = z.infer<typeof promiseKind>

/** The nearest of what is promised on a conversation. */
export const due = z.object({ kind: promiseKind, at: time })
export type Due = z.infer<typeof due>

/** null: it stands still. */
export const runningPromise = z.object({ kind: promiseKind, dueAt: time.nullable() })
export type RunningPromise = z.infer<typeof runningPromise>

/** Of open time, at most a year; null: not promised. */
const minutes = z.number().int().min(1).max(525_600).nullable()
const byPriority = z.strictObject({ low: minutes, normal: minutes, high: minutes, urgent: minutes })
const targets = z.strictObject({
  firstResponse: byPriority.optional(),
  nextResponse: byPriority.optional(),
  resolution: byPriority.optional(),
  /** Since our last word, while it is not over. */
  update: byPriority.optional(),
})
export type Targets = z.infer<typeof targets>

/** After so much of the time, or when so much of it is left. */
const warning = z
  .union([
    z.strictObject({ percent: z.number().int().min(1).max(99) }),
    z.strictObject({ minutes: z.number().int().min(1).max(525_600) }),
  ])
  .nullable()

export const slaPolicy = z.object({
  id,
  name: z.string(),
  /** null: around the clock. */
  businessHoursId: id.nullable(),
  targets,
  warning,
  /** For conversations whose team and inbox name none. */
  isDefault: z.boolean(),
  /** A late first or further answer takes the case to the next level of its team. */
  escalates: z.boolean(),
  teamIds: z.array(id),
  inboxIds: z.array(id),
  createdAt: time,
})
export type SlaPolicy = z.infer<typeof slaPolicy>

export const newSlaPolicy = z.strictObject({
  name,
  businessHoursId: id.nullable().optional(),
  targets,
  warning: warning.optional(),
  isDefault: z.boolean().optional(),
  escalates: z.boolean().optional(),
  teamIds: z.array(id).max(1_000).optional(),
  inboxIds: z.array(id).max(1_000).optional(),
})
export type NewSlaPolicy = z.infer<typeof newSlaPolicy>

/** `targets`, `teamIds` and `inboxIds` are the whole sets. */
export const slaPolicyPatch = newSlaPolicy.partial()
export type SlaPolicyPatch = z.infer<typeof slaPolicyPatch>
