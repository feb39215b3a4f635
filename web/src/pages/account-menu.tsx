import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Keyboard, LogOut, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Availability } from '../../../src/wire/agent.ts'
import type { Me } from '../../../src/wire/session.ts'
import { Avatar } from '../components/avatar.tsx'
import { cx } from '../components/cx.ts'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../components/later-menu.tsx'
import { PresenceDot } from '../components/presence-dot.tsx'
import { useMyPresence } from '../data/presence.ts'
import { useDesk, useGround } from '../data/services.ts'
import { useSignOut } from '../data/session.ts'
import { useShortcutHelp } from './global-keys.tsx'

export function AccountMenu({ open }: { open: boolean }) {
  const { t } = useTranslation()
  const { agent } = useDesk().me
  const signOut = useSignOut()
  const navigate = useNavigate()
  const showKeys = useShortcutHelp()
  const setAvailability = useSetAvailability()
  const name = agent?.name ?? t('nav.account')
  const state = agent?.availability ?? 'offline'
  const seen = useMyPresence()
  return (
    <Menu
      side="right"
      trigger={
        <button
          type="button"
          aria-label={`${name}, ${t(`availability.${seen}`)}`}
          title={name}
          className={cx(
            'mt-1 flex h-10 items-center gap-2.5 rounded text-sm hover:bg-pressed/60',
            open ? 'px-1.5' : 'justify-center',
          )}
        >
          <span className="relative inline-flex">
            <Avatar name={name} size={24} />
            <span className="absolute -right-1 -bottom-1 flex rounded-full bg-ground p-0.5">
              <PresenceDot presence={seen} className="size-2" />
            </span>
          </span>
          {open ? <span className="truncate">{name}</span> : null}
        </button>
      }
    >
      <MenuLabel>{t('availability.title')}</MenuLabel>
      {(['online', 'away', 'offline'] as const).map((choice) => (
        <MenuItem
          key={choice}
          checked={choice === state}
          icon={<PresenceDot presence={choice} />}
          onSelect={() => void setAvailability(choice)}
        >
          {t(`availability.${choice}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<UserRound />} onSelect={() => void navigate({ to: '/settings/profile' })}>
        {t('settings.profile')}
      </MenuItem>
      <MenuItem icon={<Keyboard />} keys="?" onSelect={showKeys}>
        {t('keys.title')}
      </MenuItem>
      <MenuItem icon={<LogOut />} onSelect={() => void signOut()}>
        {t('nav.signOut')}
      </MenuItem>
    </Menu>
  )
}

function useSetAvailability(): (state: Availability) => Promise<void> {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  const show = (state: Availability) =>
    cache.setQueryData<Me | null>(['me'], (old) =>
      old?.agent ? { ...old, agent: { ...old.agent, availability: state, presence: state } } : old,
    )
  return async (state) => {
    const before = cache.getQueryData<Me | null>(['me'])?.agent?.availability ?? 'offline'
    show(state)
    try {
      await api.send('PUT', '/me/availability', { state })
    } catch {
      show(before)
      toasts.show({ tone: 'problem', text: t('error.offline') })
    }
  }
}
