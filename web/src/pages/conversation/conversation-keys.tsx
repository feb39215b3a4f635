import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { askComposer } from '../composer/ask-composer.ts'
import { useContextOpen } from '../conversation-page.tsx'
import { useMenus } from './open-menu.tsx'
import { useActions } from './use-actions.ts'

export function ConversationKeys({ conversation }: { conversation: Conversation }) {
  const actions = useActions(conversation)
  const { set } = useMenus()
  const navigate = useNavigate()
  const { view, ...search } = useSearch({ from: '/desk/inbox' })
  const [contextOpen, setContextOpen] = useContextOpen()
  useKeys({
    r: () => askComposer({ kind: 'reply' }),
    n: () => askComposer({ kind: 'note' }),
    e: () => void actions.setStatus(conversation.status === 'resolved' ? 'open' : 'resolved'),
    i: () => void actions.assignMe(),
    a: () => set('assign'),
    s: () => set('snooze'),
    t: () => set('tags'),
    p: () => set('priority'),
    u: () => void navigate({ to: '/inbox/$view', params: { view: view ?? 'all' }, search }),
    ']': () => setContextOpen(!contextOpen),
    '[': () => setContextOpen(!contextOpen),
  })
  return null
}
