import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Activity, ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { useAgentName, useTeams } from '../../data/directory.ts'
import { kinds } from '../../data/policy-form.ts'
import { useTopics } from '../../data/routing.ts'
import { clockTime, fullTime } from '../../data/time.ts'
import { type Names, whyWords } from '../../data/why-words.ts'
import { SplitButton } from '../letter/split-button.tsx'
import { handedOverWords } from './bot-words.ts'
import { ruledWords } from './ruled-words.ts'

interface ActivityLineProps {
  activities: Activity[]
  /** The message they stand before. */
  before: Message | null
  conversation: ConversationDetail | undefined
}

/** Changes between messages: one quiet line, unfolded on demand. */
export function ActivityLine({ activities, before, conversation }: ActivityLineProps) {
  const { t } = useTranslation()
  const say = useActivityWords()
  const [open, setOpen] = useState(false)
  const told = activities.flatMap((activity) => {
    const text = say(activity)
    return text === null ? [] : [{ activity, text }]
  })
  const shown = open ? told : told.slice(-1)
  if (told.length === 0) return null
  const newMatter = before?.letter && told.some(({ activity }) => isNewMatter(activity))
  return (
    <ul className="flex flex-col items-center gap-0.5 py-2 text-center text-xs text-faint">
      {shown.map(({ activity, text }) => (
        <Line key={activity.id} activity={activity} text={text} />
      ))}
      {told.length > 1 ? (
        <li>
          <button
            type="button"
            aria-expanded={open}
            className="min-h-6 rounded px-2 hover:bg-hover hover:text-soft"
            onClick={() => setOpen(!open)}
          >
            {open ? t('activity.fold') : t('activity.more', { count: told.length - 1 })}
          </button>
        </li>
      ) : null}
      {newMatter && conversation ? (
        <li>
          <SplitButton conversation={conversation} from={before} />
        </li>
      ) : null}
    </ul>
  )
}

/** A customer wrote under another subject: perhaps another case. */
function isNewMatter({ kind, by, data }: Activity): boolean {
  return kind === 'subjectChanged' && by.type === 'contact' && typeof data['to'] === 'string'
}

function Line({ activity, text }: { activity: Activity; text: string }) {
  const { i18n } = useTranslation()
  return (
    <li>
      {text}
      {' · '}
      <time dateTime={activity.createdAt} title={fullTime(activity.createdAt, i18n.language)}>
        {clockTime(activity.createdAt, i18n.language)}
      </time>
    </li>
  )
}

/** null: nothing an agent needs to be told. */
function useActivityWords(): (activity: Activity) => string | null {
  const { t, i18n } = useTranslation()
  const agentName = useAgentName()
  const teams = useTeams()
  const topics = useTopics()
  const names: Names = {
    agent: (id) => agentName(id) ?? '?',
    team: (id) => teams.find((team) => team.id === id)?.name ?? '?',
    topic: (id) => topics.find((topic) => topic.id === id)?.name ?? '?',
    language: i18n.language,
  }
  const plain = (activity: Activity, by: string): string | null => {
    const { kind, data } = activity
    const to = data['to'] ?? null
    switch (kind) {
      case 'statusChanged':
        return data['why'] === 'silence' ? t('due.silence') : t('activity.status', { by, status: statusName(t, to) })
      case 'addressConfirmed':
        return t('activity.addressConfirmed')
      case 'answersGiven':
        return t('forms.given')
      case 'cameFrom':
        return t('activity.cameFrom', { link: data['link'] })
      case 'erasureAsked':
        return t('activity.erasureAsked')
      case 'reopened':
        return t(data['why'] === 'notDelivered' ? 'activity.reopenedUnsent' : 'activity.reopened')
      case 'escalated':
        return whyWords(t, data, by, names)
      case 'assigned': {
        const why = whyWords(t, data, by, names)
        if (why !== null) return why
        return to === null
          ? t('activity.unassigned', { by })
          : t('activity.assigned', { by, name: agentName(String(to)) ?? '?' })
      }
      case 'topicChanged':
        return to === null ? t('why.noTopic', { by }) : t('why.topic', { by, name: names.topic(String(to)) })
      case 'teamChanged':
        return t('activity.team', { by, name: teams.find((team) => team.id === to)?.name ?? t('context.none') })
      case 'priorityChanged':
        return t('activity.priority', { by, priority: priorityName(t, to) })
      case 'policyChanged':
        return t('due.policyChanged', { by })
      case 'promiseWarning':
      case 'promiseBroken':
        return promiseWords(t, kind === 'promiseBroken' ? 'broken' : 'soon', data['promise'])
      case 'tagsChanged':
        return tagWords(t, by, data)
      case 'subjectChanged':
        return typeof data['to'] === 'string'
          ? t('letter.subjectChanged', { subject: data['to'] })
          : t('activity.subject', { by })
      case 'merged':
      case 'mergedInto':
      case 'split':
      case 'splitFrom':
      case 'keptApart':
        return t(`letter.activity.${kind}`, { by, number: `#${data['number']}` })
      case 'botHandedOver':
        return handedOverWords(t, data)
      case 'botGiven':
        return t('bot.gave', { by })
      case 'contactMerged':
        return samePersonWords(t, by, data)
      case 'contactUnmerged':
        return t('samePerson.unmerged', { by })
      default:
        return ruledWords(t, { activity, by, agentName, teams })
    }
  }
  return (activity) => {
    const { by: actor, data } = activity
    const name = actor.name || t(actor.type === 'contact' ? 'activity.customer' : 'activity.system')
    const said = plain(activity, typeof data['rule'] === 'string' ? t('ruled.byRule', { name }) : name)
    if (said === null || typeof data['macro'] !== 'string') return said
    return t('ruled.withMacro', { words: said, name: data['macro'] })
  }
}

type T = TFunction
const statuses = ['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam'] as const
const priorities = ['low', 'normal', 'high', 'urgent'] as const

function promiseWords(t: T, what: 'soon' | 'broken', promise: unknown): string | null {
  const kind = kinds.find((one) => one === promise)
  return kind ? t(`due.${what}.${kind}`) : null
}

const reasons = ['code', 'email', 'signed'] as const

function samePersonWords(t: T, by: string, data: Activity['data']): string {
  const name = typeof data['name'] === 'string' && data['name'] !== '' ? data['name'] : t('samePerson.other')
  const told: unknown[] = Array.isArray(data['because']) ? data['because'] : []
  const because = reasons.filter((reason) => told.includes(reason)).map((reason) => t(`samePerson.because.${reason}`))
  return because.length > 0
    ? t('samePerson.mergedBecause', { by, name, because: because.join(', ') })
    : t('samePerson.merged', { by, name })
}

function tagWords(t: T, by: string, data: Activity['data']): string {
  const named = (value: unknown) => (Array.isArray(value) ? value.join(', ') : '')
  const added = named(data['added'])
  return added
    ? t('activity.newTags', { by, tags: added })
    : t('activity.oldTags', { by, tags: named(data['removed']) })
}
function statusName(t: T, value: unknown): string {
  const known = statuses.find((status) => status === value)
  return known ? t(`status.${known}`) : ''
}
function priorityName(t: T, value: unknown): string {
  const known = priorities.find((priority, at) => priority === value || at + 1 === value)
  return known ? t(`priority.${known}`) : ''
}
