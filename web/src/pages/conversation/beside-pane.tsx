import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'
import { conversationQuery } from '../../data/conversations.ts'
import { useApi } from '../../data/services.ts'
import { transcriptQuery } from '../../data/transcript.ts'
import { Transcript } from './transcript.tsx'

/** Another conversation to read while this one is answered; nothing is written in it. */
export function BesidePane({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const detail = useQuery(conversationQuery(api, id)).data
  const transcript = useQuery(transcriptQuery(api, id, cache)).data
  const box = useRef<HTMLElement>(null)
  const title = detail ? t('assist.besideTitle', { number: detail.number }) : ''
  useEffect(() => {
    box.current?.focus()
  }, [])
  return createPortal(
    <aside
      ref={box}
      tabIndex={-1}
      aria-label={title}
      className="fixed inset-y-0 right-0 z-40 flex w-[min(440px,92vw)] flex-col border-l border-line bg-surface shadow-lift outline-none wide:w-80"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">
          {title} <span className="font-normal text-soft">{detail?.subject ?? detail?.contact?.name}</span>
        </h2>
        <Link
          to="/c/$id"
          params={{ id }}
          className="flex h-8 items-center rounded px-2 text-sm text-accent-text hover:bg-hover touch:h-11"
          onClick={onClose}
        >
          {t('assist.openWhole')}
        </Link>
        <IconButton label={t('common.close')} hint="Esc" onClick={onClose}>
          <X className="size-4" />
        </IconButton>
      </header>
      {/* Without the conversation its messages offer nothing that would change it. */}
      <Transcript id={id} conversation={undefined} transcript={transcript} readSeq={null} />
    </aside>,
    document.body,
  )
}
