import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Conversation, Priority, Status } from '../../../../src/wire/conversation.ts'
import { narrow } from '../../components/use-media.ts'
import { useChange } from '../../data/change.ts'
import { listKey } from '../../data/conversations.ts'
import { useAgentName, useTeams } from '../../data/directory.ts'
import type { ConversationList } from '../../data/list-merge.ts'
import { useMyId } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { queryOf } from '../../data/views.ts'

/** Everything an agent does to a conversation but write in it. */
export function useActions(conversation: Conversation) {
  const { t, i18n } = useTranslation()
  const change = useChange()
  const goOn = useGoOn(conversation.id)
  const agentName = useAgentName()
  const teams = useTeams()
  const myId = useMyId()
  const { id } = conversation

  const setStatus = async (status: Status) => {
    const done = change(id, { status }, t(`did.${status}`))
    if (status === 'resolved' || status === 'spam') goOn()
    await done
  }
  const assign = (assigneeId: string | null) =>
    change(
      id,
      { assigneeId },
      assigneeId === null
        ? t('did.unassigned')
        : assigneeId === myId
          ? t('did.assignedMe')
          : t('did.assigned', { name: agentName(assigneeId) ?? '' }),
    )
  const giveTeam = (teamId: string | null) =>
    change(
      id,
      { teamId },
      teamId === null ? t('did.noTeam') : t('did.team', { name: teams.find((team) => team.id === teamId)?.name ?? '' }),
    )
  const snooze = (until: Date) => {
    goOn()
    return change(
      id,
      { status: 'snoozed', snoozedUntil: until.toISOString() },
      t('did.snoozedUntil', { time: fullTime(until.toISOString(), i18n.language) }),
    )
  }
  return {
    setStatus,
    assign,
    assignMe: () => (myId ? assign(myId) : undefined),
    giveTeam,
    snooze,
    setPriority: (priority: Priority) =>
      change(id, { priority }, t('did.priority', { priority: t(`priority.${priority}`) })),
    setTags: (tags: string[]) => change(id, { tags }, t('did.tags')),
  }
}

/** What is done leaves the desk: the next row opens, on a phone the list. */
function useGoOn(id: string): () => void {
  const navigate = useNavigate()
  const cache = useQueryClient()
  const search = useSearch({ from: '/desk/inbox' })
  return () => {
    const view = search.view ?? 'all'
    const rows = cache.getQueryData<ConversationList>(listKey(queryOf(view, search)))?.items ?? []
    const at = rows.findIndex((row) => row.id === id)
    const next = rows[at + 1] ?? rows[at - 1]
    const { view: _view, ...keep } = search
    if (at < 0 || !next || window.matchMedia(narrow).matches) {
      void navigate({ to: '/inbox/$view', params: { view }, search: keep })
    } else {
      void navigate({ to: '/c/$id', params: { id: next.id }, search: { ...keep, view } })
    }
  }
}
