import type { Holder, Status } from './conversation.ts'

/** What people may change by hand. */
export interface Handling {
  readonly status: Status
  readonly holder: Holder
  readonly assigneeId: string | null
  readonly teamId: string | null
  /** 1 low, 2 normal, 3 high, 4 urgent. */
  readonly priority: number
  readonly topicId: string | null
  /** Of its own; null: its team's, its inbox's or the usual one. */
  readonly slaPolicyId: string | null
  readonly tags: readonly string[]
  readonly subject: string | null
  readonly snoozedUntil: Date | null
  readonly onHoldFor: string | null
  readonly waitingSince: Date | null
  readonly resolvedAt: Date | null
}

export type HandlingPatch = {
  readonly [K in keyof Omit<Handling, 'holder' | 'waitingSince' | 'resolvedAt'>]?: Handling[K] | undefined
}

export interface PlannedActivity {
  readonly kind:
    | 'statusChanged'
    | 'assigned'
    | 'teamChanged'
    | 'priorityChanged'
    | 'topicChanged'
    | 'policyChanged'
    | 'tagsChanged'
    | 'subjectChanged'
  /** Ids and our own words; never a customer's. */
  readonly data: Record<string, unknown>
}

export type PlannedChange =
  | { readonly kind: 'refused'; readonly field: string; readonly message: string }
  | { readonly kind: 'change'; readonly next: Handling; readonly activities: readonly PlannedActivity[] }

export function planChange(current: Handling, patch: HandlingPatch, now: Date): PlannedChange {
  const status = patch.status ?? current.status
  const refused = refusal(current, patch, now)
  if (refused) return { kind: 'refused', ...refused }
  const assigneeId = patch.assigneeId === undefined ? current.assigneeId : patch.assigneeId
  const next: Handling = {
    status,
    assigneeId,
    holder: patch.assigneeId === undefined ? current.holder : assigneeId === null ? 'queue' : 'agent',
    teamId: patch.teamId === undefined ? current.teamId : patch.teamId,
    priority: patch.priority ?? current.priority,
    topicId: patch.topicId === undefined ? current.topicId : patch.topicId,
    slaPolicyId: patch.slaPolicyId === undefined ? current.slaPolicyId : patch.slaPolicyId,
    tags: patch.tags ? [...new Set(patch.tags)].sort() : current.tags,
    subject: patch.subject === undefined ? current.subject : patch.subject,
    snoozedUntil: status === 'snoozed' ? (patch.snoozedUntil ?? current.snoozedUntil) : null,
    onHoldFor: status === 'onHold' ? (patch.onHoldFor ?? current.onHoldFor) : null,
    waitingSince: status === 'resolved' || status === 'spam' ? null : current.waitingSince,
    resolvedAt: status === 'resolved' ? (current.resolvedAt ?? now) : null,
  }
  return { kind: 'change', next, activities: activitiesOf(current, next) }
}

function refusal(current: Handling, patch: HandlingPatch, now: Date): { field: string; message: string } | null {
  const status = patch.status ?? current.status
  const until = patch.snoozedUntil ?? (status === current.status ? current.snoozedUntil : null)
  if (status === 'snoozed' && until === null) return { field: 'snoozedUntil', message: 'is needed to snooze' }
  if (patch.snoozedUntil) {
    if (status !== 'snoozed') return { field: 'snoozedUntil', message: 'belongs to the status snoozed' }
    if (patch.snoozedUntil.getTime() <= now.getTime())
      return { field: 'snoozedUntil', message: 'must lie in the future' }
  }
  const onHoldFor = patch.onHoldFor ?? (status === current.status ? current.onHoldFor : null)
  if (status === 'onHold' && onHoldFor === null) return { field: 'onHoldFor', message: 'says who is waited for' }
  if (patch.onHoldFor && status !== 'onHold') return { field: 'onHoldFor', message: 'belongs to the status onHold' }
  return null
}

function activitiesOf(current: Handling, next: Handling): PlannedActivity[] {
  const activities: PlannedActivity[] = []
  const moved = (kind: PlannedActivity['kind'], from: unknown, to: unknown, more: Record<string, unknown> = {}) => {
    if (from !== to) activities.push({ kind, data: { from, to, ...more } })
  }
  const until = next.snoozedUntil?.toISOString()
  moved('statusChanged', current.status, next.status, {
    ...(until !== undefined && { until }),
    ...(next.onHoldFor !== null && { onHoldFor: next.onHoldFor }),
  })
  moved('assigned', current.assigneeId, next.assigneeId)
  moved('teamChanged', current.teamId, next.teamId)
  moved('priorityChanged', current.priority, next.priority)
  moved('topicChanged', current.topicId, next.topicId)
  moved('policyChanged', current.slaPolicyId, next.slaPolicyId)
  const added = next.tags.filter((tag) => !current.tags.includes(tag))
  const removed = current.tags.filter((tag) => !next.tags.includes(tag))
  if (added.length + removed.length > 0) activities.push({ kind: 'tagsChanged', data: { added, removed } })
  if (current.subject !== next.subject) activities.push({ kind: 'subjectChanged', data: {} })
  return activities
}
