import { z } from 'zod'
import { id, time } from './primitive.ts'

/** Why two contacts are one person: what somebody vouched for, a code, or that a colleague said so. */
export const mergeEvidence = z.object({ kind: z.enum(['email', 'signed', 'code', 'byHand']), value: z.string() })
export type MergeEvidence = z.infer<typeof mergeEvidence>

export const mergeSuggestion = z.object({
  contact: z.object({
    id,
    name: z.string(),
    accounts: z.array(z.object({ channel: z.string(), name: z.string() })),
  }),
  evidence: z.array(mergeEvidence),
})
export type MergeSuggestion = z.infer<typeof mergeSuggestion>

/** A merge that stands; `by` is null where the customer's own code did it. */
export const standingMerge = z.object({
  id,
  at: time,
  by: z.string().nullable(),
  name: z.string(),
  evidence: z.array(mergeEvidence),
})
export type StandingMerge = z.infer<typeof standingMerge>

export const mergedContact = z.object({ contactId: id, mergeId: id })
export const unmergeContactBody = z.strictObject({ mergeId: id })
export const unmergedContact = z.object({ contactId: id })
export const otherContactBody = z.strictObject({ contactId: id })

/** Shown once. */
export const linkCode = z.object({ code: z.string(), expiresAt: time })
export type LinkCode = z.infer<typeof linkCode>

export const ownAccount = z.object({ id, channel: z.string(), name: z.string(), since: time })
export type OwnAccount = z.infer<typeof ownAccount>
