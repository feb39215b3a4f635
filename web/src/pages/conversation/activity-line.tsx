import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Activity } from '../../../../src/wire/conversation.ts'
import { useAgentName, useTeams } from '../../data/directory.ts'
import { clockTime, fullTime } from '../../data/time.ts'

/** Changes between messages: one quiet line, unfolded on demand. */
export function ActivityLine({ activities }: { activities: Activity[] }) {
  const { t } = useTranslation()
  const say = useActivityWords()
  const [open, setOpen] = useState(false)
  const last = activities.at(-1)
  if (!last) return null
  const shown = open ? activities : [last]
  return (
    <ul className="flex flex-col items-center gap-0.5 py-2 text-xs text-faint">
      {shown.map((activity) => (
        <Line key={activity.id} activity={activity} text={say(activity)} />
      ))}
      {activities.length > 1 ? (
        <li>
          <button
            type="button"
            aria-expanded={open}
            className="min-h-6 rounded px-2 hover:bg-hover hover:text-soft"
            onClick={() => setOpen(!open)}
          >
            {open ? t('activity.fold') : t('activity.more', { count: activities.length - 1 })}
          </button>
        </li>
      ) : null}
    </ul>
  )
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

function useActivityWords(): (activity: Activity) => string {
  const { t } = useTranslation()
  const agentName = useAgentName()
  const teams = useTeams()
  return (activity) => {
    const by = activity.by.name || t(activity.by.type === 'contact' ? 'contact.nameless' : 'activity.system')
    const to = activity.data['to']
    switch (activity.kind) {
      case 'statusChanged':
      case 'status':
        return t('activity.status', { by, status: statusName(t, to) })
      case 'assigned':
      case 'assigneeChanged':
      case 'assignee':
        return to === null || to === undefined
          ? t('activity.unassigned', { by })
          : t('activity.assigned', { by, name: agentName(String(to)) ?? '?' })
      case 'teamChanged':
      case 'team':
        return t('activity.team', { by, name: teams.find((team) => team.id === String(to))?.name ?? t('context.none') })
      case 'priorityChanged':
      case 'priority':
        return t('activity.priority', { by, priority: priorityName(t, to) })
      case 'tagsChanged':
      case 'tags':
        return t('activity.tags', { by })
      default:
        return t('activity.other', { by })
    }
  }
}

type T = ReturnType<typeof useTranslation>['t']
const statuses = ['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam'] as const
const priorities = ['low', 'normal', 'high', 'urgent'] as const

function statusName(t: T, value: unknown): string {
  const known = statuses.find((status) => status === value)
  return known ? t(`status.${known}`) : ''
}
function priorityName(t: T, value: unknown): string {
  const known = priorities.find((priority, at) => priority === value || at + 1 === value)
  return known ? t(`priority.${known}`) : ''
}
