/** What a rule is: when it is asked, what must hold, what is done. Plain data; src/wire/rule.ts says the same to the outside. */

export type RuleEvent =
  /** first: a case begins; every: also whatever the customer says later. */
  | { readonly kind: 'message'; readonly which: 'first' | 'every' }
  /** A person changed one of these; what programs change sets off nothing. */
  | { readonly kind: 'change'; readonly of: readonly ChangedField[] }
  /** The customer has waited so long. */
  | { readonly kind: 'waiting'; readonly minutes: number }
  /** A promise falls due so soon. */
  | { readonly kind: 'due'; readonly minutes: number }

export const changedFields = ['status', 'priority', 'tags', 'assignee', 'team'] as const
export type ChangedField = (typeof changedFields)[number]

/** One of several values, or none of them at all (`noValue`). */
export const choiceFields = [
  'channel',
  'inbox',
  'audience',
  'language',
  'topic',
  'vip',
  'businessHours',
  'previousAgent',
  'attachments',
  'status',
  'priority',
  'tier',
  'tag',
  'team',
  'assignee',
] as const
export type ChoiceField = (typeof choiceFields)[number]
export const textFields = ['text', 'subject'] as const
export type TextField = (typeof textFields)[number]
export const numberFields = ['waitingMinutes', 'messageCount', 'queue'] as const
export type NumberField = (typeof numberFields)[number]

/** Stands in a list of values for "has none". */
export const noValue = 'none'

interface Negatable {
  readonly not?: boolean | undefined
}
export type Condition = Negatable &
  (
    | { readonly field: ChoiceField; readonly in: readonly string[] }
    /** Any of the words, or the pattern. */
    | {
        readonly field: TextField
        readonly words?: readonly string[] | undefined
        readonly pattern?: string | undefined
      }
    | {
        readonly field: NumberField
        readonly atLeast?: number | undefined
        readonly atMost?: number | undefined
        /** Whose queue; absent: that of the conversation's own team. */
        readonly teamId?: string | undefined
      }
    /** What is known of the contact under this name; without values: whether it is known at all. */
    | { readonly field: 'attribute'; readonly name: string; readonly in?: readonly string[] | undefined }
    /** What the customer filled in under this key: one of these values, any of the words, or the pattern; else whether at all. */
    | {
        readonly field: 'answer'
        readonly key: string
        readonly in?: readonly string[] | undefined
        readonly words?: readonly string[] | undefined
        readonly pattern?: string | undefined
      }
  )

export interface ConditionGroup {
  readonly match: 'all' | 'any'
  readonly conditions: readonly Condition[]
}
export interface Conditions {
  readonly match: 'all' | 'any'
  readonly groups: readonly ConditionGroup[]
}

export const priorityNames = ['low', 'normal', 'high', 'urgent'] as const
export type PriorityName = (typeof priorityNames)[number]

/** What changes a conversation or its customer, by a rule or a macro. */
export type HandlingAction =
  | { readonly type: 'team'; readonly teamId: string }
  | { readonly type: 'agent'; readonly agentId: string }
  | { readonly type: 'priority'; readonly priority: PriorityName }
  | { readonly type: 'addTags'; readonly tags: readonly string[] }
  | { readonly type: 'removeTags'; readonly tags: readonly string[] }
  | { readonly type: 'topic'; readonly topicId: string }
  | { readonly type: 'tier'; readonly tier: number }
  | { readonly type: 'vip'; readonly vip: boolean }
  | { readonly type: 'policy'; readonly policyId: string }
  | { readonly type: 'bot'; readonly on: boolean }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'notify'; readonly agentIds: readonly string[]; readonly teamId?: string | undefined }

export type RuleAction =
  | HandlingAction
  | { readonly type: 'macro'; readonly macroId: string }
  /** An event of the feed that outgoing webhooks may subscribe to; the label tells one from another. */
  | { readonly type: 'webhook'; readonly label: string }

export interface Rule {
  readonly id: string
  readonly name: string
  readonly event: RuleEvent
  readonly conditions: Conditions
  readonly actions: readonly RuleAction[]
  /** Once it fired, the rules below it are not asked. */
  readonly stops: boolean
}

/** Every condition of it, in the order of the page. */
export function conditionsOf({ groups }: Conditions): Condition[] {
  return groups.flatMap(({ conditions }) => conditions)
}
