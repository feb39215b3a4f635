import type { RuleAction, RuleEvent } from '../domain/rule.ts'
import { type Condition, type ConditionGroup, type Conditions, choiceFields, priorityNames } from '../domain/rule.ts'
import type { Desk } from './desk-files.ts'
import { idOf, type Names } from './names.ts'

type Given = Readonly<Record<string, unknown>>
type WrittenRule = Desk['rules'][number]
type WrittenAction = WrittenRule['do'][number]

const list = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String)

export function eventOf({ when, if: given }: WrittenRule): RuleEvent {
  if (when === 'waiting') return { kind: 'waiting', minutes: Number(given['waitingMinutes']) }
  return { kind: 'message', which: when === 'first' ? 'first' : 'every' }
}

/** All together in one group; what stands under `any` is a second one. */
export function conditionsOf({ if: given }: WrittenRule, names: Names): Conditions {
  const { any = [], waitingMinutes: _, ...rest } = given
  const groups: ConditionGroup[] = [
    { match: 'all', conditions: together(rest, names) },
    { match: 'any', conditions: (any as Given[]).flatMap((one) => together(one, names)) },
  ]
  return { match: 'all', groups: groups.filter(({ conditions }) => conditions.length > 0) }
}

function together({ text, of, is, not, ...rest }: Given, names: Names): Condition[] {
  const named = Object.entries(rest).map(([field, value]) => conditionOf(field, value, names))
  if (text === 'words') named.unshift({ field: 'text', words: list(of) })
  if (text === 'pattern') named.unshift({ field: 'text', pattern: String(is) })
  const negated = not === undefined ? [] : together(not as Given, names)
  return [...named, ...negated.map((one) => ({ ...one, not: true }))]
}

function conditionOf(field: string, value: unknown, { teams, topics }: Names): Condition {
  const attribute = /^contact\.attributes\.(.+)$/.exec(field)?.[1]
  if (attribute !== undefined) return { field: 'attribute', name: attribute, in: list(value) }
  if (field === 'contact.vip') return { field: 'vip', in: [value === true ? 'yes' : 'no'] }
  if (field === 'queue') {
    const { team, moreThan } = value as { team: string; moreThan: number }
    return { field, teamId: idOf(teams, team), atLeast: moreThan + 1 }
  }
  const known = choiceFields.find((one) => one === field)
  if (known === undefined) throw new Error(`The sample asks for "${field}", which no rule can ask for.`)
  if (known === 'topic') return { field: known, in: list(value).map((name) => idOf(topics, name)) }
  if (known === 'priority') return { field: known, in: list(value).map((step) => priorityOf(Number(step))) }
  if (known === 'businessHours') return { field: known, in: [value === 'outside' ? 'closed' : 'open'] }
  return { field: known, in: list(value) }
}

/** `macros`: by key and language, as `never-share zh`. */
export function actionOf(
  given: WrittenAction,
  { teams, topics, agents }: Names,
  macros: ReadonlyMap<string, string> = new Map(),
): RuleAction {
  const [[what = '', value] = []] = Object.entries(given)
  const name = String(value)
  switch (what) {
    case 'team':
      return { type: 'team', teamId: idOf(teams, name) }
    case 'topic':
      return { type: 'topic', topicId: idOf(topics, name) }
    case 'tag':
      return { type: 'addTags', tags: [name] }
    case 'priority':
      return { type: 'priority', priority: priorityOf(Number(value)) }
    case 'tier':
      return { type: 'tier', tier: Number(value) }
    case 'bot':
      return { type: 'bot', on: value === 'on' }
    case 'notify':
      return { type: 'notify', agentIds: list(value).map((one) => idOf(agents, one)) }
    case 'macro':
      return { type: 'macro', macroId: idOf(macros, `${name} ${given['language']}`) }
    default:
      throw new Error(`The sample wants "${what}", which no rule can do.`)
  }
}

function priorityOf(step: number): (typeof priorityNames)[number] {
  const name = priorityNames[step - 1]
  if (name === undefined) throw new Error(`The sample names the priority ${step}, which there is not.`)
  return name
}
