import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleHelp, Lock, Reply } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { cx } from '../../components/cx.ts'
import { DueSign } from '../../components/due-sign.tsx'
import { useNow } from '../../components/use-now.ts'
import { useAgentName } from '../../data/directory.ts'
import { fullTime, shortTime } from '../../data/time.ts'
import { PriorityIcon } from '../priority-icon.tsx'
import { StatusIcon } from '../status-icon.tsx'

interface RowProps {
  item: Conversation
  view: string
  open: boolean
  /** The one row of the list that Tab stops at. */
  reachable: boolean
  onFocus: (id: string) => void
}

export const Row = memo(function Row({ item, view, open, reachable, onFocus }: RowProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const name = item.contact?.name || t('contact.nameless')
  return (
    <Link
      id={`row-${item.id}`}
      to="/c/$id"
      params={{ id: item.id }}
      search={(old) => ({ ...old, view })}
      tabIndex={reachable ? 0 : -1}
      aria-current={open ? 'true' : undefined}
      onFocus={() => onFocus(item.id)}
      className={cx(
        'group flex h-full gap-3 border-b border-line/70 px-4 py-2.5 outline-offset-[-2px] compact:py-2',
        open ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="relative h-fit pt-0.5">
        <Avatar name={item.contact?.name ?? ''} id={item.contact?.id} picture={item.contact?.picture} />
        <span className="absolute -right-1 -bottom-1 flex size-[18px] items-center justify-center rounded-full bg-surface text-soft">
          <ChannelIcon channel={item.channel} className="size-3" />
        </span>
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-center gap-2">
          <span className={cx('min-w-0 flex-1 truncate', item.unread ? 'font-semibold' : 'font-medium text-soft')}>
            {name}
          </span>
          <span className="hidden compact:inline-flex">
            <DueSign due={item.due} iconOnly />
          </span>
          <PriorityIcon priority={item.priority} />
          <time
            dateTime={item.lastMessageAt ?? item.createdAt}
            title={fullTime(item.lastMessageAt ?? item.createdAt, i18n.language)}
            className={cx('text-xs', item.unread ? 'text-accent-text' : 'text-faint')}
          >
            {shortTime(item.lastMessageAt, now, i18n.language)}
          </time>
          {item.unread ? (
            <span className="size-2 rounded-full bg-accent">
              <span className="sr-only">{t('list.unread')}</span>
            </span>
          ) : null}
        </span>
        <span className={cx('flex items-center gap-1 text-sm', item.unread ? 'text-text' : 'text-faint')}>
          <Unsettled item={item} />
          {item.previewBy === 'out' ? <Reply aria-label={t('list.weSaid')} className="size-3.5 shrink-0" /> : null}
          {item.previewBy === 'note' ? <Lock aria-label={t('list.noteSaid')} className="size-3 shrink-0" /> : null}
          <span className="truncate">
            {item.subject ? <span className="text-soft">{item.subject} · </span> : null}
            {item.preview || t('list.noWords')}
          </span>
        </span>
        <Meta item={item} />
      </span>
    </Link>
  )
})

/** Words of ours that somebody has to look after: before everything else that a row says of them. */
function Unsettled({ item }: { item: Conversation }) {
  const { t } = useTranslation()
  const failed = item.failedSends > 0
  if (!failed && item.unconfirmedSends === 0) return null
  const Icon = failed ? CircleAlert : CircleHelp
  return (
    <span
      className={cx('flex shrink-0 items-center gap-1 text-xs font-medium', failed ? 'text-danger' : 'text-warning')}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {t(failed ? 'list.notDelivered' : 'list.notConfirmed')}
    </span>
  )
}

function Meta({ item }: { item: Conversation }) {
  const { t } = useTranslation()
  const assignee = useAgentName()(item.assigneeId)
  return (
    <span className="mt-auto flex items-center gap-1.5 overflow-hidden pt-1 text-xs text-faint compact:hidden">
      <StatusIcon status={item.status} />
      <span>#{item.number}</span>
      <DueSign due={item.due} />
      {item.tags.slice(0, 2).map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {item.tags.length > 2 ? <span>+{item.tags.length - 2}</span> : null}
      <span className="flex-1" />
      {assignee ? (
        <span className="flex min-w-0 items-center gap-1" title={t('list.assignedTo', { name: assignee })}>
          <Avatar name={assignee} size={20} />
          <span className="sr-only">{t('list.assignedTo', { name: assignee })}</span>
        </span>
      ) : null}
    </span>
  )
}
