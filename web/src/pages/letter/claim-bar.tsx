import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { GitMerge, MessageCircleQuestionMark } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail, MergeBody } from '../../../../src/wire/conversation.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ApiError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'
import { useMove } from './use-move.ts'

/** Above a conversation that says it belongs to another one, or that was moved into one. */
export function ClaimBar({ conversation }: { conversation: ConversationDetail }) {
  const { claims, mergedInto } = conversation
  if (mergedInto) return <Merged into={mergedInto} />
  return claims ? <Claim key={claims.id} conversation={conversation} claims={claims} /> : null
}

interface ClaimProps {
  conversation: ConversationDetail
  claims: NonNullable<ConversationDetail['claims']>
}

function Claim({ conversation, claims }: ClaimProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const { busy, move } = useMove()
  const keepApart = useKeepApart(conversation.id)
  const number = `#${claims.number}`
  const body: MergeBody = { into: claims.id }
  const path = `/conversations/${conversation.id}/merge`
  const join = () => void move({ path, body, said: t('letter.joined', { number }) }).then(() => setAsking(false))
  return (
    <Bar icon={<MessageCircleQuestionMark />}>
      <p className="min-w-0 flex-1" title={t('letter.claimsWhy')}>
        <Link to="/c/$id" params={{ id: claims.id }} className="font-medium text-accent-text underline">
          {t('letter.claims', { number })}
        </Link>
        {claims.subject ? <span className="text-soft">{` · ${claims.subject}`}</span> : null}
      </p>
      <span className="flex gap-2">
        <Button onClick={() => setAsking(true)}>{t('letter.join')}</Button>
        <Button look="quiet" onClick={() => void keepApart()}>
          {t('letter.apart')}
        </Button>
      </span>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('letter.join')}
        description={t('letter.joinAsk', { number })}
      >
        <p className="text-sm text-soft">{t('letter.claimsWhy')}</p>
        <div className="flex justify-end gap-2 pt-4">
          <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
          <Button look="primary" busy={busy} onClick={join}>
            {t('letter.join')}
          </Button>
        </div>
      </Dialog>
    </Bar>
  )
}

function useKeepApart(id: string): () => Promise<void> {
  const { api, toasts } = useGround()
  const { t } = useTranslation()
  const cache = useQueryClient()
  return async () => {
    try {
      await api.send('DELETE', `/conversations/${id}/claim`)
      toasts.show({ tone: 'plain', text: t('letter.apartDone') }, 2_500)
    } catch (error) {
      const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text })
    }
    await cache.invalidateQueries({ queryKey: ['conversation', id] })
  }
}

function Merged({ into }: { into: NonNullable<ConversationDetail['mergedInto']> }) {
  const { t } = useTranslation()
  return (
    <Bar icon={<GitMerge />}>
      <p className="min-w-0 flex-1">{t('letter.merged', { number: `#${into.number}` })}</p>
      <Link to="/c/$id" params={{ id: into.id }} className="font-medium text-accent-text underline">
        {t('letter.mergedGo')}
      </Link>
    </Bar>
  )
}

function Bar({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div
      role="note"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-info-soft px-4 py-1.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-info"
    >
      {icon}
      {children}
    </div>
  )
}
