import { UserRoundMinus, UserRoundPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/menu.tsx'
import { PresenceDot } from '../../components/presence-dot.tsx'
import { useAgentName, useAgents, useTeams } from '../../data/directory.ts'
import { presentFirst } from '../../data/presence.ts'
import { useMyId } from '../../data/services.ts'
import { useMenu } from './open-menu.tsx'
import { useActions } from './use-actions.ts'

export function AssignMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const menu = useMenu('assign')
  const actions = useActions(conversation)
  const myId = useMyId()
  const agents = presentFirst(useAgents().filter((agent) => agent.active && agent.id !== myId))
  const teams = useTeams()
  const assignee = useAgentName()(conversation.assigneeId)
  return (
    <Menu
      {...menu}
      align="end"
      trigger={
        <Button look="quiet" title={`${t('action.assign')} (a)`} className="px-2 narrow:w-11">
          {assignee ? <Avatar name={assignee} size={20} /> : <UserRoundPlus className="size-4" />}
          <span className="max-w-32 truncate narrow:sr-only">{assignee ?? t('action.assign')}</span>
        </Button>
      }
    >
      {conversation.assigneeId === myId || !myId ? null : (
        <MenuItem icon={<UserRoundPlus />} keys="i" onSelect={() => void actions.assignMe()}>
          {t('action.assignMe')}
        </MenuItem>
      )}
      {conversation.assigneeId ? (
        <MenuItem icon={<UserRoundMinus />} onSelect={() => void actions.assign(null)}>
          {t('action.unassign')}
        </MenuItem>
      ) : null}
      {agents.length ? <MenuLabel>{t('context.people')}</MenuLabel> : null}
      {agents.map((agent) => (
        <MenuItem
          key={agent.id}
          icon={<Avatar name={agent.name} size={20} />}
          checked={agent.id === conversation.assigneeId}
          onSelect={() => void actions.assign(agent.id)}
        >
          <span className="flex items-center gap-2">
            <span className="truncate">{agent.name}</span>
            <PresenceDot presence={agent.presence} className="size-2 shrink-0" />
            <span className="text-xs text-faint">{t(`availability.${agent.presence}`)}</span>
          </span>
        </MenuItem>
      ))}
      {teams.length ? (
        <>
          <MenuLine />
          <MenuLabel>{t('context.teams')}</MenuLabel>
        </>
      ) : null}
      {teams.map((team) => (
        <MenuItem
          key={team.id}
          checked={team.id === conversation.teamId}
          onSelect={() => void actions.giveTeam(team.id === conversation.teamId ? null : team.id)}
        >
          {team.name}
        </MenuItem>
      ))}
    </Menu>
  )
}
