import { withTags } from '../domain/rule-effects.ts'
import type { FiredRule } from '../domain/rule-evaluate.ts'
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

export interface RuleActivity {
  readonly kind: string
  readonly ruleId: string
  readonly data: Record<string, unknown>
}

export interface ConversationPlan {
  readonly row: FactRow
  readonly before: RuleState
  readonly next: RuleState
  readonly activities: readonly RuleActivity[]
  readonly notes: readonly { readonly ruleId: string; readonly text: string }[]
  readonly events: readonly { readonly ruleId: string; readonly label: string }[]
  readonly policies: readonly string[]
  readonly says: readonly { readonly ruleId: string; readonly macroId: string }[]
  /** By rule. */
  readonly outcomes: ReadonlyMap<string, readonly ActionOutcome[]>
}

export function stateOf(row: FactRow): RuleState {
  const { holder, assigneeId, teamId, priority, tags, topicId, tier, botOff, vip } = row
  return { holder, assigneeId, teamId, priority, tags, topicId, tier, botOff, vip }
}

type Draft = {
  next: RuleState
  activities: RuleActivity[]
  notes: { ruleId: string; text: string }[]
  events: { ruleId: string; label: string }[]
  policies: string[]
  says: { ruleId: string; macroId: string }[]
}

/** Everything that fired, in order, on one conversation. Pure; what is named but gone is left out and said to be. */
export function planRules(row: FactRow, fired: readonly FiredRule[], there: Existing): ConversationPlan {
  const before = stateOf(row)
  const draft: Draft = { next: before, activities: [], notes: [], events: [], policies: [], says: [] }
  const outcomes = new Map<string, ActionOutcome[]>()
  for (const { rule } of fired) {
    const states = (rule.actions as readonly BookAction[]).map((action) => ({
      type: action.type,
      state: act(draft, { row, rule, there }, action),
    }))
    outcomes.set(rule.id, states)
  }
  return { row, before, ...draft, outcomes }
}

interface Acting {
  readonly row: FactRow
  readonly rule: FiredRule['rule']
  readonly there: Existing
}

function act(draft: Draft, { row, rule, there }: Acting, action: BookAction): ActionState {
  const { next } = draft
  const ruleId = rule.id
  const set = (change: Partial<RuleState>, kind: string, from: unknown, to: unknown): ActionState => {
    if (from === to) return 'same'
    draft.next = { ...next, ...change }
    draft.activities.push({ kind, ruleId, data: { from, to, rule: rule.name } })
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
    case 'priority':
      return set({ priority: action.priority }, 'priorityChanged', next.priority, action.priority)
    case 'tier':
      return set({ tier: action.tier }, 'tierChanged', next.tier, action.tier)
    case 'vip':
      if (row.contactId === null) return 'gone'
      return set({ vip: action.vip }, 'vipChanged', next.vip, action.vip)
    case 'bot':
      return set({ botOff: !action.on }, 'botSwitched', !next.botOff, action.on)
    case 'addTags':
    case 'removeTags':
      return changeTags(draft, rule, action)
    default:
      return actOutside(draft, { row, rule, there }, action)
  }
}

function changeTags(
  draft: Draft,
  rule: FiredRule['rule'],
  action: Extract<BookAction, { type: 'addTags' | 'removeTags' }>,
): ActionState {
  const { tags } = draft.next
  const after =
    action.type === 'addTags' ? withTags(tags, action.tags) : tags.filter((tag) => !action.tags.includes(tag))
  const added = after.filter((tag) => !tags.includes(tag))
  const removed = tags.filter((tag) => !after.includes(tag))
  if (added.length + removed.length === 0) return 'same'
  draft.next = { ...draft.next, tags: after }
  draft.activities.push({ kind: 'tagsChanged', ruleId: rule.id, data: { added, removed, rule: rule.name } })
  return 'done'
}

type OutsideAction = Exclude<
  BookAction,
  { type: 'team' | 'agent' | 'topic' | 'priority' | 'tier' | 'vip' | 'bot' | 'addTags' | 'removeTags' }
>

/** What leaves no other value behind. */
function actOutside(draft: Draft, { row, rule, there }: Acting, action: OutsideAction): ActionState {
  const ruleId = rule.id
  switch (action.type) {
    case 'note':
      draft.notes.push({ ruleId, text: action.text })
      return 'done'
    case 'notify': {
      const agentIds = action.agentIds.filter((id) => there.agents.has(`${row.inboxId} ${id}`))
      const teamId = action.teamId !== undefined && there.teams.has(action.teamId) ? action.teamId : null
      if (agentIds.length === 0 && teamId === null) return 'gone'
      draft.activities.push({ kind: 'notified', ruleId, data: { agentIds, teamId, rule: rule.name } })
      return 'done'
    }
    case 'webhook':
      draft.events.push({ ruleId, label: action.label })
      return 'done'
    case 'policy':
      draft.policies.push(action.policyId)
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
