import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent, Role } from '../../../../src/wire/agent.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/menu.tsx'
import { useAgents } from '../../data/directory.ts'
import { useDesk, useGround } from '../../data/services.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { RemoveFactorDialog } from './remove-factor-dialog.tsx'
import { ResetDialog } from './reset-dialog.tsx'
import { Line, Lines, Section, SettingsPage } from './settings-page.tsx'
import { SkillsDialog } from './skills-dialog.tsx'
import { Teams } from './teams.tsx'

const roles: readonly Role[] = ['admin', 'supervisor', 'agent']

export function PeoplePage() {
  const { t } = useTranslation()
  const agents = useAgents()
  const admin = useDesk().me.scopes.includes('admin')
  const [inviting, setInviting] = useState(false)
  return (
    <SettingsPage
      title={t('settings.people')}
      lead={t('people.lead')}
      action={
        admin ? (
          <Button look="primary" onClick={() => setInviting(true)}>
            <UserRoundPlus className="size-4" />
            {t('people.invite')}
          </Button>
        ) : null
      }
    >
      <Section title={t('people.agents')}>
        <Lines label={t('people.agents')}>
          {agents.map((agent) => (
            <Person key={agent.id} agent={agent} admin={admin} />
          ))}
        </Lines>
      </Section>
      <Teams admin={admin} />
      <InviteDialog open={inviting} onClose={() => setInviting(false)} />
    </SettingsPage>
  )
}

function Person({ agent, admin }: { agent: Agent; admin: boolean }) {
  const { t } = useTranslation()
  const { me } = useDesk()
  const own = me.agent?.id === agent.id
  const lead = admin || me.agent?.role === 'supervisor'
  const [open, setOpen] = useState<'reset' | 'factor' | 'skills' | null>(null)
  const close = () => setOpen(null)
  return (
    <Line>
      <Avatar name={agent.name} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{agent.name}</p>
        <p className="truncate text-xs text-faint">
          {[agent.email, t('people.seenAs', { name: agent.publicName })].filter(Boolean).join(' · ')}
        </p>
      </div>
      {agent.secondFactor ? <Badge>{t('people.secondStep')}</Badge> : null}
      {agent.active ? null : <Badge tone="warning">{t('people.inactive')}</Badge>}
      <Badge>{t(`role.${agent.role}`)}</Badge>
      {lead ? <PersonMenu agent={agent} may={admin && !own} onOpen={setOpen} /> : null}
      <SkillsDialog agent={agent} open={open === 'skills'} onClose={close} />
      <ResetDialog agent={agent} open={open === 'reset'} onClose={close} />
      <RemoveFactorDialog agent={agent} open={open === 'factor'} onClose={close} />
    </Line>
  )
}

type Patch = (change: { role?: Role; active?: boolean }) => Promise<void>

interface PersonMenuProps {
  agent: Agent
  /** All of it; else only what supervisors plan. */
  may: boolean
  onOpen: (dialog: 'reset' | 'factor' | 'skills') => void
}

function PersonMenu({ agent, may, onOpen }: PersonMenuProps) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const patch: Patch = async (change) => {
    try {
      await api.send('PATCH', `/agents/${agent.id}`, change)
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={t('people.change', { name: agent.name })}>
          <Ellipsis className="size-4" />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => setTimeout(() => onOpen('skills'))}>{t('skills.open')}</MenuItem>
      {may ? <Administration agent={agent} patch={patch} onOpen={onOpen} /> : null}
    </Menu>
  )
}

function Administration({ agent, patch, onOpen }: Omit<PersonMenuProps, 'may'> & { patch: Patch }) {
  const { t } = useTranslation()
  return (
    <>
      <MenuLine />
      <MenuLabel>{t('people.role')}</MenuLabel>
      {roles.map((role) => (
        <MenuItem key={role} checked={role === agent.role} onSelect={() => void patch({ role })}>
          {t(`role.${role}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem onSelect={() => onOpen('reset')}>{t('people.reset')}</MenuItem>
      {agent.secondFactor ? <MenuItem onSelect={() => onOpen('factor')}>{t('people.removeFactor')}</MenuItem> : null}
      <MenuItem danger={agent.active} onSelect={() => void patch({ active: !agent.active })}>
        {t(agent.active ? 'people.deactivate' : 'people.activate')}
      </MenuItem>
    </>
  )
}
