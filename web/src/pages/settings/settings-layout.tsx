import { Link, Outlet, useLocation } from '@tanstack/react-router'
import {
  BookOpen,
  Bot,
  ChevronRight,
  CircleAlert,
  Clock,
  Inbox,
  KeyRound,
  ListChecks,
  MessagesSquare,
  Tag,
  Timer,
  UserRound,
  UsersRound,
  Webhook,
  Zap,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../components/cx.ts'
import { useOpenSuggestions } from '../../data/bot.ts'
import { useDesk } from '../../data/services.ts'
import { CountMark } from './bot/count-mark.tsx'
import { useMoreToTheRight } from './use-more-to-the-right.ts'

export function SettingsLayout() {
  const { t } = useTranslation()
  const role = useDesk().me.agent?.role ?? 'admin'
  const admin = role === 'admin'
  const tabs = useMoreToTheRight()
  return (
    <div className="flex min-w-0 flex-1 border-l border-line bg-surface narrow:flex-col narrow:border-0">
      <div className="relative flex shrink-0 narrow:w-full">
        <nav
          ref={tabs.ref}
          aria-label={t('nav.settings')}
          className="flex w-52 shrink-0 flex-col gap-0.5 border-r border-line p-3 narrow:w-full narrow:flex-row narrow:overflow-x-auto narrow:border-r-0 narrow:border-b narrow:p-2 narrow:[scrollbar-width:none]"
        >
          <h1 className="px-2 pt-1 pb-3 text-lg font-semibold tracking-tight narrow:sr-only">{t('nav.settings')}</h1>
          <Place to="/settings/profile" icon={<UserRound />} label={t('settings.profile')} />
          <Place to="/settings/inboxes" icon={<Inbox />} label={t('settings.inboxes')} />
          <Place to="/settings/people" icon={<UsersRound />} label={t('settings.people')} />
          <Place to="/settings/tags" icon={<Tag />} label={t('settings.tags')} />
          <Place to="/settings/topics" icon={<MessagesSquare />} label={t('settings.topics')} />
          {admin ? <Place to="/settings/response-times" icon={<Timer />} label={t('promises.title')} /> : null}
          {admin ? <Place to="/settings/hours" icon={<Clock />} label={t('hours.title')} /> : null}
          {role === 'agent' ? null : <Place to="/settings/rules" icon={<ListChecks />} label={t('rules.title')} />}
          <Place to="/settings/macros" icon={<Zap />} label={t('macros.title')} />
          <Place to="/settings/help" icon={<BookOpen />} label={t('helpSettings.title')} />
          {role === 'agent' ? null : <BotPlace />}
          {admin ? <Place to="/settings/tokens" icon={<KeyRound />} label={t('settings.tokens')} /> : null}
          {admin ? <Place to="/settings/webhooks" icon={<Webhook />} label={t('settings.webhooks')} /> : null}
          {admin ? <Place to="/settings/failed-work" icon={<CircleAlert />} label={t('settings.failedWork')} /> : null}
        </nav>
        {tabs.more ? (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 right-0 hidden w-14 items-center justify-end bg-linear-to-l from-surface via-surface/80 to-transparent pr-1 text-soft narrow:flex"
          >
            <ChevronRight className="size-4" />
          </span>
        ) : null}
      </div>
      <main className="min-h-0 min-w-0 flex-1 overflow-y-auto">
        <Outlet />
      </main>
    </div>
  )
}

interface PlaceProps {
  to:
    | '/settings/profile'
    | '/settings/inboxes'
    | '/settings/people'
    | '/settings/tags'
    | '/settings/topics'
    | '/settings/response-times'
    | '/settings/hours'
    | '/settings/rules'
    | '/settings/macros'
    | '/settings/help'
    | '/settings/bot'
    | '/settings/tokens'
    | '/settings/webhooks'
    | '/settings/failed-work'
  icon: ReactNode
  label: string
  mark?: ReactNode
}

function BotPlace() {
  const { t } = useTranslation()
  const open = useOpenSuggestions() ?? 0
  return <Place to="/settings/bot" icon={<Bot />} label={t('botPage.title')} mark={<CountMark count={open} />} />
}

function Place({ to, icon, label, mark }: PlaceProps) {
  const active = useLocation({ select: (location) => location.pathname.startsWith(to) })
  return (
    <Link
      to={to}
      aria-current={active ? 'page' : undefined}
      className={cx(
        'flex h-8 shrink-0 items-center gap-2.5 rounded px-2 text-sm whitespace-nowrap touch:h-11 [&>svg]:size-4',
        active ? 'bg-pressed font-medium' : 'text-soft hover:bg-hover hover:text-text',
      )}
    >
      {icon}
      {label}
      {mark}
    </Link>
  )
}
