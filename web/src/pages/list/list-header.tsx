import { useMatch, useNavigate, useSearch } from '@tanstack/react-router'
import { ListFilter, SkipForward, WifiOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/menu.tsx'
import { useTitle } from '../../components/use-title.ts'
import { useDesk } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'
import { useNext } from '../../data/use-next.ts'
import { isBuiltIn } from '../../data/views.ts'
import { useNavItems, useViewTitle } from '../nav-items.tsx'
import { AnswerLine, FindAnswer } from './answer-filter.tsx'

const statuses = ['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam', 'any'] as const
const pick = ['mine', 'unassigned', 'all']

export function ListHeader({ view }: { view: string }) {
  const title = useViewTitle(view)
  const { main, teams, more } = useNavItems()
  const count = [...main, ...teams, ...more].find((item) => item.view === view)?.count
  const open = useMatch({ from: '/desk/inbox/c/$id', shouldThrow: false }) !== undefined
  useTitle(open ? null : count ? `${title} (${count})` : title)
  return (
    <header className="flex shrink-0 flex-col border-b border-line">
      <div className="flex h-12 items-center gap-2 pr-2 pl-4">
        <h1 className="truncate text-lg font-semibold tracking-tight">{title}</h1>
        {count ? <span className="pt-0.5 text-sm text-faint">{count}</span> : null}
        <span className="flex-1" />
        <NextButton />
        <ViewMenu />
        <FilterMenu view={view} />
      </div>
      <AnswerLine />
      <LostLine />
    </header>
  )
}

function NextButton() {
  const { t } = useTranslation()
  const take = useNext()
  return (
    <IconButton label={t('next.take')} hint="N" onClick={() => void take()}>
      <SkipForward className="size-4" />
    </IconButton>
  )
}

/** On a phone the other views live here, since the bar below has four places. */
function ViewMenu() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { teams, more } = useNavItems()
  const others = [...teams, ...more]
  return (
    <span className="hidden narrow:inline">
      <Menu
        align="end"
        trigger={
          <button type="button" className="h-11 rounded px-3 text-sm text-soft hover:bg-hover">
            {t('nav.views')}
          </button>
        }
      >
        {others.map((item) => (
          <MenuItem
            key={item.view}
            icon={item.icon}
            onSelect={() => void navigate({ to: '/inbox/$view', params: { view: item.view } })}
          >
            {item.label}
          </MenuItem>
        ))}
      </Menu>
    </span>
  )
}

function FilterMenu({ view }: { view: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { status, sort } = useSearch({ from: '/desk/inbox' })
  const [finding, setFinding] = useState(false)
  const fixed = isBuiltIn(view) && !pick.includes(view)
  const go = (change: { status?: (typeof statuses)[number] | undefined; sort?: 'waitingSince' | 'due' | undefined }) =>
    void navigate({ to: '.', search: (old) => ({ ...old, ...change }) as never })
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t('list.filter')} className={status || sort ? 'text-accent-text' : ''}>
            <ListFilter className="size-4" />
          </IconButton>
        }
      >
        {fixed ? null : (
          <>
            <MenuLabel>{t('list.status')}</MenuLabel>
            <MenuItem checked={!status} onSelect={() => go({ status: undefined })}>
              {t('list.unfinished')}
            </MenuItem>
            {statuses.map((choice) => (
              <MenuItem key={choice} checked={status === choice} onSelect={() => go({ status: choice })}>
                {t(`status.${choice}`)}
              </MenuItem>
            ))}
            <MenuLine />
          </>
        )}
        <MenuItem onSelect={() => setFinding(true)}>{t('forms.find')}</MenuItem>
        <MenuLine />
        <MenuLabel>{t('list.sort')}</MenuLabel>
        <MenuItem checked={!sort} onSelect={() => go({ sort: undefined })}>
          {t('list.byActivity')}
        </MenuItem>
        <MenuItem checked={sort === 'waitingSince'} onSelect={() => go({ sort: 'waitingSince' })}>
          {t('list.byWaiting')}
        </MenuItem>
        <MenuItem checked={sort === 'due'} onSelect={() => go({ sort: 'due' })}>
          {t('due.byDue')}
        </MenuItem>
      </Menu>
      <FindAnswer open={finding} onClose={() => setFinding(false)} />
    </>
  )
}

/** Said only when it lasts: a restart of two seconds is nobody's business. */
function LostLine() {
  const { t } = useTranslation()
  const lost = useStore(useDesk().live.state) === 'lost'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!lost) return setShown(false)
    const timer = setTimeout(() => setShown(true), 2_500)
    return () => clearTimeout(timer)
  }, [lost])
  return (
    <div role="status">
      {shown ? (
        <p className="flex items-center gap-2 bg-warning-soft px-4 py-1.5 text-xs text-warning">
          <WifiOff className="size-3.5 shrink-0" />
          {t('error.lost')}
        </p>
      ) : null}
    </div>
  )
}
