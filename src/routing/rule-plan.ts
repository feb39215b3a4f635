import { priorityNames } from '../domain/rule.ts'
import { withTags } from '../domain/rule-effects.ts'
import type { Existing, FactRow } from '../store/rule-facts.ts'
import type { BookAction } from './rule-book.ts'

/** What rules may change of a conversation, and of whoever wrote it. */
export interface RuleState {
  readonly holder: 'bot' | 'agent' | 'queue'
  readonly assigneeId: string | null
  readonly teamId: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly topicId: string | null
  readonly slaPolicyId: string | null
  readonly tier: number
  readonly botOff: boolean
  readonly vip: boolean
}

/** same: it was so already; gone: whom or what it names is not there (any more); later: done outside of this transaction. */
export type ActionState = 'done' | 'same' | 'gone' | 'later'
export interface ActionOutcome {
  readonly type: BookAction['type']
  readonly state: ActionState
}

/** Whose actions they are: a rule's, or a macro's that a person applied. */
export interface Step {
  readonly id: string
  /** 'rule:3', 'agent:7'. */
  readonly actor: string
  /** Kept with what is told of it: rules and macros are renamed and deleted. */
  readonly named: { readonly rule: string } | { readonly macro: string }
  readonly actions: readonly BookAction[]
}

interface PlannedActivity {
  readonly kind: string
  readonly actor: string
  readonly data: Record<string, unknown>
}

export interface ConversationPlan {
  readonly row: FactRow
  readonly before: RuleState
  readonly next: RuleState
  readonly activities: readonly PlannedActivity[]
  readonly notes: readonly { readonly actor: string; readonly text: string }[]
  readonly events: readonly { readonly ruleId: string; readonly label: string }[]
  readonly says: readonly { readonly ruleId: string; readonly macroId: string }[]
  /** By the step's id. */
  readonly outcomes: ReadonlyMap<string, readonly ActionOutcome[]>
}

export function stateOf(row: FactRow): RuleState {
  const { holder, assigneeId, teamId, priority, tags, topicId, slaPolicyId, tier, botOff, vip } = row
  return { holder, assigneeId, teamId, priority, tags, topicId, slaPolicyId, tier, botOff, vip }
}

type Draft = {
  next: RuleState
  activities: PlannedActivity[]
  notes: { actor: string; text: string }[]
  events: { ruleId: string; label: string }[]
  says: { ruleId: string; macroId: string }[]
}

/** Everything that fired, in order, on one conversation. Pure; what is named but gone is left out and said to be. */
export function planSteps(row: FactRow, steps: readonly Step[], there: Existing): ConversationPlan {
  const before = stateOf(row)
  const draft: Draft = { next: before, activities: [], notes: [], events: [], says: [] }
  const outcomes = new Map<string, ActionOutcome[]>()
  for (const step of steps) {
    const acting = { row, step, there }
    outcomes.set(
      step.id,
      step.actions.map((action) => ({ type: action.type, state: act(draft, acting, action) })),
    )
  }
  return { row, before, ...draft, outcomes }
}

interface Acting {
  readonly row: FactRow
  readonly step: Step
  readonly there: Existing
}

function act(draft: Draft, { row, step, there }: Acting, action: BookAction): ActionState {
  const { next } = draft
  const { actor, named } = step
  const set = (change: Partial<RuleState>, kind: string, from: unknown, to: unknown): ActionState => {
    if (from === to) return 'same'
    draft.next = { ...next, ...change }
    draft.activities.push({ kind, actor, data: { from, to, ...named } })
    return 'done'
  }
  switch (action.type) {
    case 'team':
      if (!there.teams.has(action.teamId)) return 'gone'
      return set({ teamId: action.teamId }, 'teamChanged', next.teamId, action.teamId)
    case 'agent':
      if (!there.agents.has(`${row.inboxId} ${action.agentId}`)) return 'gone'
      return set({ assigneeId: action.agentId, holder: 'agent' }, 'assigned', next.assigneeId, action.agentId)
    case 'topic':
      if (!there.topics.has(action.topicId)) return 'gone'
      return set({ topicId: action.topicId }, 'topicChanged', next.topicId, action.topicId)
    case 'policy':
      if (!there.policies.has(action.policyId)) return 'gone'
      return set({ slaPolicyId: action.policyId }, 'policyChanged', next.slaPolicyId, action.policyId)
    case 'priority':
      return set({ priority: rank(action) }, 'priorityChanged', next.priority, rank(action))
    case 'tier':
      return set({ tier: action.tier }, 'tierChanged', next.tier, action.tier)
    case 'vip':
      if (row.contactId === null) return 'gone'
      return set({ vip: action.vip }, 'vipChanged', next.vip, action.vip)
    case 'bot':
      return set({ botOff: !action.on }, 'botSwitched', !next.botOff, action.on)
    case 'addTags':
    case 'removeTags':
      return changeTags(draft, step, action)
    default:
      return actOutside(draft, { row, step, there }, action)
  }
}

const rank = ({ priority }: Extract<BookAction, { type: 'priority' }>): number => priorityNames.indexOf(priority) + 1

function changeTags(
  draft: Draft,
  { actor, named }: Step,
  action: Extract<BookAction, { type: 'addTags' | 'removeTags' }>,
): ActionState {
  const { tags } = draft.next
  const after =
    action.type === 'addTags' ? withTags(tags, action.tags) : tags.filter((tag) => !action.tags.includes(tag))
  const added = after.filter((tag) => !tags.includes(tag))
  const removed = tags.filter((tag) => !after.includes(tag))
  if (added.length + removed.length === 0) return 'same'
  draft.next = { ...draft.next, tags: after }
  draft.activities.push({ kind: 'tagsChanged', actor, data: { added, removed, ...named } })
  return 'done'
}

type OutsideAction = Exclude<
  BookAction,
  { type: 'team' | 'agent' | 'topic' | 'policy' | 'priority' | 'tier' | 'vip' | 'bot' | 'addTags' | 'removeTags' }
>

/** What leaves no other value behind. */
function actOutside(draft: Draft, { row, step, there }: Acting, action: OutsideAction): ActionState {
  const { id: ruleId, actor, named } = step
  switch (action.type) {
    case 'note':
      draft.notes.push({ actor, text: action.text })
      return 'done'
    case 'notify': {
      const agentIds = action.agentIds.filter((id) => there.agents.has(`${row.inboxId} ${id}`))
      const teamId = action.teamId !== undefined && there.teams.has(action.teamId) ? action.teamId : null
      if (agentIds.length === 0 && teamId === null) return 'gone'
      draft.activities.push({ kind: 'notified', actor, data: { agentIds, teamId, ...named } })
      return 'done'
    }
    case 'webhook':
      draft.events.push({ ruleId, label: action.label })
      return 'done'
    case 'say':
      // Only what a customer just said is answered by itself.
      if (row.messageId === null) return 'gone'
      draft.says.push({ ruleId, macroId: action.macroId })
      return 'later'
    case 'macro':
      return 'gone'
    default:
      return action satisfies never
  }
}
