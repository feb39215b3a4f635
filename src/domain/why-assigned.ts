/** Why somebody has a conversation, or a queue has it. Screens and reports make a sentence of it. */
export type WhyAssigned =
  /** They have another one of this person. */
  | { readonly code: 'linked' }
  /** It is their customer, or they stand in for whose customer it is. */
  | { readonly code: 'owner' }
  | { readonly code: 'deputy'; readonly ownerId: string }
  /** They had it last and are there. */
  | { readonly code: 'sticky'; readonly overflowFrom?: string }
  | Chosen
  /** They asked for the next. */
  | { readonly code: 'pulled' }
  /** Back to the queue: whoever had it went away and left it unanswered. */
  | { readonly code: 'returned'; readonly from: string }
  /** To a higher level. */
  | { readonly code: 'escalated' | 'breached'; readonly from: number; readonly to: number; readonly by: string }

/** By the team's own way of choosing. */
export interface Chosen {
  readonly code: 'balanced' | 'roundRobin'
  /** Points of work they have with it, and those they can have. */
  readonly load: number
  readonly capacity: number
  /** What it needs and they have. */
  readonly language?: string
  readonly topicId?: string
  /** They lack it: nobody who has it took it in time. */
  readonly withoutLanguage?: string
  readonly withoutTopic?: string
  /** The team it waited in too long. */
  readonly overflowFrom?: string
}
