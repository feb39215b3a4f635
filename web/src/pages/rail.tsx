import { Link, useLocation } from '@tanstack/react-router'
import { BookOpen, ChevronsLeft, ChevronsRight, Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Brand } from '../components/brand.tsx'
import { IconButton } from '../components/button.tsx'
import { cx } from '../components/cx.ts'
import { usePreferences } from '../data/services.ts'
import { AccountMenu } from './account-menu.tsx'
import { useCurrentView } from './current-view.ts'
import { type NavItem, useNavItems } from './nav-items.tsx'

export function Rail() {
  const { t } = useTranslation()
  const [{ railOpen }, setPreferences] = usePreferences()
  const { main, teams, more } = useNavItems()
  const inArticles = useLocation({ select: (location) => location.pathname.startsWith('/articles') })
  const inSettings = useLocation({ select: (location) => location.pathname.startsWith('/settings') })
  return (
    <nav
      aria-label={t('nav.views')}
      className={cx('flex shrink-0 flex-col gap-0.5 bg-ground px-2 py-3', railOpen ? 'w-[220px]' : 'w-14')}
    >
      <div className={cx('flex items-center pb-3 text-accent', railOpen ? 'justify-between pl-2' : 'justify-center')}>
        <Brand className="size-6" />
        {railOpen ? (
          <IconButton label={t('nav.fold')} onClick={() => setPreferences({ railOpen: false })}>
            <ChevronsLeft className="size-4" />
          </IconButton>
        ) : null}
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto overflow-x-hidden">
        <Items items={main} open={railOpen} />
        {teams.length ? <div className="mx-2 my-1.5 h-px shrink-0 bg-line" /> : null}
        <Items items={teams} open={railOpen} />
        <div className="mx-2 my-1.5 h-px shrink-0 bg-line" />
        <Items items={more} open={railOpen} />
      </div>
      <Link
        to="/articles"
        className={itemLook(inArticles, railOpen)}
        aria-label={t('articles.title')}
        title={t('articles.title')}
      >
        <BookOpen className={cx('size-[18px]', inArticles && 'text-accent')} />
        {railOpen ? <span className="flex-1 truncate">{t('articles.title')}</span> : null}
      </Link>
      <Link
        to="/settings"
        className={itemLook(inSettings, railOpen)}
        aria-label={t('nav.settings')}
        title={t('nav.settings')}
      >
        <Settings className="size-[18px] shrink-0" />
        {railOpen ? <span className="flex-1">{t('nav.settings')}</span> : null}
      </Link>
      {railOpen ? null : (
        <IconButton label={t('nav.unfold')} className="self-center" onClick={() => setPreferences({ railOpen: true })}>
          <ChevronsRight className="size-4" />
        </IconButton>
      )}
      <AccountMenu open={railOpen} />
    </nav>
  )
}

function itemLook(active: boolean, open: boolean): string {
  return cx(
    'relative flex h-9 shrink-0 items-center gap-2.5 rounded text-sm transition-colors duration-100 touch:h-11',
    open ? 'px-2.5' : 'justify-center',
    active ? 'bg-pressed font-medium text-text' : 'text-soft hover:bg-pressed/60 hover:text-text',
  )
}

function Items({ items, open }: { items: NavItem[]; open: boolean }) {
  const current = useCurrentView()
  return items.map((item) => (
    <Link
      key={item.view}
      to="/inbox/$view"
      params={{ view: item.view }}
      className={itemLook(current === item.view, open)}
      aria-current={current === item.view ? 'page' : undefined}
      aria-label={item.count ? `${item.label}, ${item.count}` : item.label}
      title={item.keys ? `${item.label} (${item.keys})` : item.label}
    >
      <span className={cx('inline-flex [&>svg]:size-[18px]', current === item.view && 'text-accent')}>{item.icon}</span>
      {open ? <span className="flex-1 truncate">{item.label}</span> : null}
      {item.count ? (
        <span
          aria-hidden="true"
          className={cx(
            'text-xs',
            open
              ? 'text-faint'
              : 'absolute top-0 right-0 flex h-4 min-w-4 items-center justify-center rounded-full bg-ground px-1 text-[10px] font-medium text-soft',
          )}
        >
          {item.count > 99 && !open ? '99+' : item.count}
        </span>
      ) : null}
    </Link>
  ))
}
