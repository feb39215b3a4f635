import { Link, useSearch } from '@tanstack/react-router'
import { ArrowLeft, Check, PanelRight, RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { ChannelIcon } from '../../components/channel-icon.tsx'
import { DueSign } from '../../components/due-sign.tsx'
import { useTitle } from '../../components/use-title.ts'
import { useContextOpen } from '../conversation-page.tsx'
import { AssignMenu } from './assign-menu.tsx'
import { MoreMenu } from './more-menu.tsx'
import { SnoozeMenu } from './snooze-menu.tsx'
import { useActions } from './use-actions.ts'
import { Viewers } from './viewers.tsx'

export function ConversationHeader({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const { view, ...search } = useSearch({ from: '/desk/inbox' })
  const [contextOpen, setContextOpen] = useContextOpen()
  const actions = useActions(conversation)
  useTitle(`${conversation.contact?.name || t('contact.nameless')} #${conversation.number}`)
  const done = conversation.status === 'resolved'
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line pr-2 pl-4 narrow:h-14 narrow:gap-0 narrow:pl-1">
      <Link
        to="/inbox/$view"
        params={{ view: view ?? 'all' }}
        search={search}
        aria-label={t('conversation.back')}
        className="hidden size-11 items-center justify-center rounded text-soft narrow:inline-flex"
      >
        <ArrowLeft className="size-5" />
      </Link>
      <ChannelIcon channel={conversation.channel} className="size-4 shrink-0 text-soft narrow:hidden" />
      <div className="flex min-w-0 flex-1 items-baseline gap-2 pl-1.5">
        <h2 className="truncate font-semibold">{conversation.contact?.name || t('contact.nameless')}</h2>
        <span className="text-sm text-faint">#{conversation.number}</span>
        {conversation.subject ? (
          <span className="truncate text-sm text-soft narrow:hidden">{conversation.subject}</span>
        ) : null}
      </div>
      <span className="mr-2 flex narrow:hidden">
        <DueSign due={conversation.due} />
      </span>
      <Viewers id={conversation.id} />
      <AssignMenu conversation={conversation} />
      <SnoozeMenu conversation={conversation} />
      <MoreMenu conversation={conversation} />
      <Button
        look={done ? 'plain' : 'primary'}
        title={`${t(done ? 'action.reopen' : 'action.resolve')} (e)`}
        onClick={() => void actions.setStatus(done ? 'open' : 'resolved')}
        className="ml-1 narrow:px-3"
      >
        {done ? <RotateCcw className="size-4" /> : <Check className="size-4" />}
        <span className="narrow:sr-only">{t(done ? 'action.reopen' : 'action.resolve')}</span>
      </Button>
      <IconButton
        className="narrow:hidden"
        label={t('context.toggle')}
        hint="]"
        aria-expanded={contextOpen}
        onClick={() => setContextOpen(!contextOpen)}
      >
        <PanelRight className="size-4" />
      </IconButton>
    </header>
  )
}
