import { type ChoiceField, priorityNames } from '../domain/rule.ts'
import type { RuleFacts, RuleTrigger } from '../domain/rule-facts.ts'
import { searched } from '../domain/rule-words.ts'
import type { FactRow } from '../store/rule-facts.ts'

/** What is the same for all conversations of one round. */
export interface World {
  readonly now: Date
  readonly queues: ReadonlyMap<string, number>
  /** Is somebody on duty for this inbox? null: there are no hours. */
  readonly isOpen: (inboxId: string) => boolean | null
}

export function factsOf(row: FactRow, trigger: RuleTrigger, world: World): RuleFacts {
  const { waitingSince } = row
  return {
    trigger,
    choices: choicesOf(row, world),
    texts: {
      text: row.text === null ? null : searched(row.text),
      subject: row.subject === null ? null : searched(row.subject),
    },
    numbers: {
      waitingMinutes: waitingSince === null ? null : (world.now.getTime() - waitingSince.getTime()) / 60_000,
      messageCount: row.messageCount,
    },
    queueOf: (teamId) => world.queues.get(teamId) ?? null,
    attributes: row.attributes,
    answers: row.answers,
  }
}

const one = (value: string | null): string[] => (value === null ? [] : [value])

function choicesOf(row: FactRow, world: World): Record<ChoiceField, readonly string[] | null> {
  const open = world.isOpen(row.inboxId)
  return {
    channel: [row.channel],
    inbox: [row.inboxId],
    audience: [row.audience],
    language: languagesOf(row.language),
    topic: one(row.topicId),
    vip: [row.vip ? 'yes' : 'no'],
    businessHours: open === null ? null : [open ? 'open' : 'closed'],
    previousAgent: one(row.previousAgentId),
    attachments: row.attachmentKinds,
    status: [row.status],
    priority: [priorityNames[row.priority - 1] ?? 'normal'],
    tier: [String(row.tier)],
    tag: row.tags,
    team: one(row.teamId),
    assignee: one(row.assigneeId),
  }
}

/** "zh-Hans" is Chinese as well. */
function languagesOf(language: string | null): string[] {
  if (language === null) return []
  const whole = language.toLowerCase()
  const first = whole.split('-')[0] ?? whole
  return first === whole ? [whole] : [whole, first]
}
