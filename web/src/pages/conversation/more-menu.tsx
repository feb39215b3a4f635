import {
  ArrowUpRight,
  Ban,
  Bot,
  CircleDashed,
  CircleDot,
  CirclePause,
  Ellipsis,
  Link2,
  ListChecks,
  Milestone,
  PanelRight,
  Tag,
} from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, Priority } from '../../../../src/wire/conversation.ts'
import { IconButton } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../components/menu.tsx'
import { useGround } from '../../data/services.ts'
import { useContextOpen } from '../conversation-page.tsx'
import { PriorityIcon } from '../priority-icon.tsx'
import { EscalateDialog } from './escalate-dialog.tsx'
import { useMenu, useMenus } from './open-menu.tsx'
import { ProgressDialog } from './progress-dialog.tsx'
import { TagsDialog } from './tags-dialog.tsx'
import { useActions } from './use-actions.ts'
import { useBot } from './use-bot.ts'

// Looked at by few.
const RulesHere = lazy(() => import('./rules-dialog.tsx').then((module) => ({ default: module.RulesHere })))

const priorities: readonly Priority[] = ['urgent', 'high', 'normal', 'low']

export function MoreMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const actions = useActions(conversation)
  const { open, set } = useMenus()
  const status = useMenu('status')
  const isOpen = status.open || open === 'priority'
  const [contextOpen, setContextOpen] = useContextOpen()
  const copyLink = useCopyLink(conversation.id)
  const bot = useBot()
  return (
    <>
      <Menu
        open={isOpen}
        onOpenChange={(next) => set(next ? 'status' : null)}
        align="end"
        trigger={
          <IconButton label={t('action.more')}>
            <Ellipsis className="size-4" />
          </IconButton>
        }
      >
        <MenuLabel>{t('context.priority')}</MenuLabel>
        {priorities.map((priority) => (
          <MenuItem
            key={priority}
            icon={<PriorityIcon priority={priority} />}
            checked={conversation.priority === priority}
            onSelect={() => void actions.setPriority(priority)}
          >
            {t(`priority.${priority}`)}
          </MenuItem>
        ))}
        {open === 'priority' ? null : (
          <>
            <MenuLine />
            <MenuItem icon={<Tag />} keys="t" onSelect={() => setTimeout(() => set('tags'))}>
              {t('action.tags')}
            </MenuItem>
            <MenuItem icon={<CircleDot />} onSelect={() => void actions.setStatus('open')}>
              {t('action.open')}
            </MenuItem>
            <MenuItem icon={<CircleDashed />} onSelect={() => void actions.setStatus('waiting')}>
              {t('action.waiting')}
            </MenuItem>
            <MenuItem icon={<CirclePause />} onSelect={() => void actions.setStatus('onHold')}>
              {t('action.onHold')}
            </MenuItem>
            {conversation.tier < 3 && conversation.status !== 'resolved' ? (
              <MenuItem icon={<ArrowUpRight />} onSelect={() => setTimeout(() => set('escalate'))}>
                {t('escalate.open')}
              </MenuItem>
            ) : null}
            <MenuItem icon={<PanelRight />} keys="]" onSelect={() => setContextOpen(!contextOpen)}>
              {t('context.toggle')}
            </MenuItem>
            <MenuItem icon={<ListChecks />} onSelect={() => setTimeout(() => set('rules'))}>
              {t('rules.title')}
            </MenuItem>
            <MenuItem icon={<Link2 />} onSelect={() => void copyLink()}>
              {t('action.copyLink')}
            </MenuItem>
            {conversation.holder !== 'bot' && conversation.audience === 'private' ? (
              <MenuItem icon={<Bot />} onSelect={() => void bot.give(conversation.id)}>
                {t('bot.give')}
              </MenuItem>
            ) : null}
            {conversation.audience === 'private' ? (
              <MenuItem icon={<Milestone />} onSelect={() => setTimeout(() => set('progress'))}>
                {t('progress.open')}
              </MenuItem>
            ) : null}
            <MenuLine />
            <MenuItem icon={<Ban />} danger onSelect={() => void actions.setStatus('spam')}>
              {t('action.spam')}
            </MenuItem>
          </>
        )}
      </Menu>
      <TagsDialog conversation={conversation} open={open === 'tags'} onClose={() => set(null)} />
      <EscalateDialog conversation={conversation} open={open === 'escalate'} onClose={() => set(null)} />
      <Dialog open={open === 'rules'} onClose={() => set(null)} title={t('rules.title')} width="max-w-xl">
        <Suspense>
          <RulesHere conversationId={conversation.id} />
        </Suspense>
      </Dialog>
      <ProgressDialog conversationId={conversation.id} open={open === 'progress'} onClose={() => set(null)} />
    </>
  )
}

function useCopyLink(id: string): () => Promise<void> {
  const { toasts } = useGround()
  const { t } = useTranslation()
  return async () => {
    await navigator.clipboard.writeText(new URL(`/c/${id}`, location.href).href)
    toasts.show({ tone: 'plain', text: t('did.linkCopied') }, 2_500)
  }
}
