import { Link, useLocation } from '@tanstack/react-router'
import { CircleUserRound, Inbox, Layers, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../components/cx.ts'
import { useCurrentView } from './current-view.ts'
import { useNavItems } from './nav-items.tsx'

/** Four places under the thumb; hidden inside a conversation, where the composer is. */
export function BottomBar() {
  const { t } = useTranslation()
  const view = useCurrentView()
  const pathname = useLocation({ select: (location) => location.pathname })
  const { main } = useNavItems()
  if (pathname.startsWith('/c/')) return null
  const counts = new Map(main.map((item) => [item.view, item.count]))
  const place = (name: string, label: string, icon: ReactNode) => (
    <Link
      to="/inbox/$view"
      params={{ view: name }}
      aria-current={view === name ? 'page' : undefined}
      className={look(view === name)}
    >
      <span className="relative [&>svg]:size-5">
        {icon}
        {counts.get(name) ? (
          <span className="absolute -top-1.5 left-3.5 rounded-full bg-pressed px-1 text-[10px] leading-4 text-soft">
            {counts.get(name)}
          </span>
        ) : null}
      </span>
      {label}
    </Link>
  )
  return (
    <nav
      aria-label={t('nav.views')}
      className="grid shrink-0 grid-cols-4 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]"
    >
      {place('mine', t('view.mine'), <CircleUserRound />)}
      {place('unassigned', t('view.unassigned'), <Inbox />)}
      {place('all', t('view.all'), <Layers />)}
      <Link to="/settings" className={look(pathname.startsWith('/settings'))}>
        <Settings className="size-5" />
        {t('nav.settings')}
      </Link>
    </nav>
  )
}

function look(active: boolean): string {
  return cx(
    'flex h-14 flex-col items-center justify-center gap-0.5 text-xs',
    active ? 'text-accent-text' : 'text-faint',
  )
}
