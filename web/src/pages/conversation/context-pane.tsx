import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Globe, Users, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, ConversationDetail } from '../../../../src/wire/conversation.ts'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { DueSign } from '../../components/due-sign.tsx'
import { useNow } from '../../components/use-now.ts'
import { useAgentName, useTeams } from '../../data/directory.ts'
import type { ConversationList } from '../../data/list-merge.ts'
import { useApi } from '../../data/services.ts'
import { dateAndTime, shortTime, span } from '../../data/time.ts'
import { Person } from '../contact/person.tsx'
import { Timeline } from '../contact/timeline.tsx'
import { useContextOpen } from '../conversation-page.tsx'
import { PriorityIcon } from '../priority-icon.tsx'
import { StatusIcon } from '../status-icon.tsx'
import { Answers } from './answers.tsx'
import { RoutingFacts } from './routing-facts.tsx'

interface ContextPaneProps {
  conversation: Conversation
  detail: ConversationDetail | undefined
}

/** Who this is and where it stands. Below 1440 it lies over the conversation instead of squeezing it. */
export function ContextPane({ conversation, detail }: ContextPaneProps) {
  const { t } = useTranslation()
  const [, setOpen] = useContextOpen()
  return (
    <aside
      aria-label={t('context.title')}
      className="fixed inset-y-0 right-0 z-30 flex w-80 max-w-[92vw] flex-col overflow-y-auto border-l border-line bg-surface shadow-lift wide:static wide:z-0 wide:shadow-none"
    >
      <header className="flex h-12 shrink-0 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="text-sm font-semibold">{t('context.title')}</h2>
        <IconButton label={t('context.hide')} hint="]" onClick={() => setOpen(false)}>
          <X className="size-4" />
        </IconButton>
      </header>
      <Person key={conversation.contact?.id} conversation={conversation} detail={detail} />
      <Facts conversation={conversation} detail={detail} />
      <Answers answers={detail?.answers ?? []} />
      <Earlier conversation={conversation} />
      {conversation.contact ? (
        <Timeline key={conversation.contact.id} contactId={conversation.contact.id} conversationId={conversation.id} />
      ) : null}
    </aside>
  )
}

function Facts({ conversation, detail }: ContextPaneProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const assignee = useAgentName()(conversation.assigneeId)
  const team = useTeams().find((one) => one.id === conversation.teamId)
  const waited = conversation.waitingSince ? now.getTime() - Date.parse(conversation.waitingSince) : null
  return (
    <dl className="grid grid-cols-[104px_1fr] gap-x-2 gap-y-2.5 border-b border-line p-4 text-sm">
      <Fact name={t('context.status')}>
        <StatusIcon status={conversation.status} />
        {t(`status.${conversation.status}`)}
      </Fact>
      {conversation.snoozedUntil ? (
        <Fact name={t('snooze.until')}>{dateAndTime(conversation.snoozedUntil, i18n.language)}</Fact>
      ) : null}
      <Fact name={t('context.assignee')}>{assignee ?? <span className="text-faint">{t('context.nobody')}</span>}</Fact>
      {team ? <Fact name={t('context.team')}>{team.name}</Fact> : null}
      <Fact name={t('context.priority')}>
        <PriorityIcon priority={conversation.priority} />
        {t(`priority.${conversation.priority}`)}
      </Fact>
      <RoutingFacts conversation={conversation} />
      <Fact name={t('context.tags')}>
        {conversation.tags.length ? (
          <span className="flex flex-wrap gap-1">
            {conversation.tags.map((tag) => (
              <Link key={tag} to="/inbox/$view" params={{ view: `tag-${tag}` }} className="rounded-full">
                <Badge>{tag}</Badge>
              </Link>
            ))}
          </span>
        ) : (
          <span className="text-faint">{t('context.none')}</span>
        )}
      </Fact>
      {detail ? <Fact name={t('context.inbox')}>{detail.inboxName}</Fact> : null}
      {conversation.audience === 'private' ? null : (
        <Fact name={t('context.readers')}>
          {conversation.audience === 'public' ? <Globe className="size-3.5" /> : <Users className="size-3.5" />}
          {t(`audience.${conversation.audience}`)}
        </Fact>
      )}
      {waited === null ? null : <Fact name={t('context.waits')}>{span(waited, i18n.language)}</Fact>}
      <Promises detail={detail} />
      <Fact name={t('context.since')}>{dateAndTime(conversation.createdAt, i18n.language)}</Fact>
    </dl>
  )
}

function Promises({ detail }: { detail: ConversationDetail | undefined }) {
  const { t } = useTranslation()
  if (!detail?.promises.length) return null
  return (
    <Fact name={t('due.title')}>
      <span className="flex flex-col gap-1">
        {detail.promises.map(({ kind, dueAt }) =>
          dueAt === null ? (
            <span key={kind} className="text-xs text-faint">
              {t(`due.${kind}.still`)}
            </span>
          ) : (
            <DueSign key={kind} due={{ kind, at: dueAt }} />
          ),
        )}
      </span>
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1.5">{children}</dd>
    </>
  )
}

function Earlier({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const now = useNow()
  const id = conversation.contact?.id
  const list = useQuery({
    queryKey: ['of-contact', id],
    enabled: id !== undefined,
    staleTime: 30_000,
    queryFn: ({ signal }) => api.get<ConversationList>('/conversations', { contact: id, limit: 11 }, signal),
  }).data
  const others = list?.items.filter((item) => item.id !== conversation.id) ?? []
  if (others.length === 0) return null
  return (
    <section className="p-2">
      <h3 className="px-2 py-2 text-xs text-faint">{t('context.earlier')}</h3>
      <ul>
        {others.map((item) => (
          <li key={item.id}>
            <Link
              to="/c/$id"
              params={{ id: item.id }}
              search={(old) => old as never}
              className="flex items-center gap-2 rounded px-2 py-1.5 text-sm hover:bg-hover"
            >
              <StatusIcon status={item.status} />
              <span className="text-faint">#{item.number}</span>
              <span className="min-w-0 flex-1 truncate">{item.subject ?? item.preview}</span>
              <span className="text-xs text-faint">{shortTime(item.lastMessageAt, now, i18n.language)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
