import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useDesk, useGround } from '../data/services.ts'
import { useStore } from '../data/store.ts'

/** A message that stops in a conversation no longer on screen is told about, not left to be found. */
export function OutboxWatch() {
  const { t } = useTranslation()
  const { toasts } = useGround()
  const navigate = useNavigate()
  const { id: open } = useParams({ strict: false })
  const pending = useStore(useDesk().outbox.pending)
  const told = useRef(new Set<string>())
  useEffect(() => {
    for (const entry of pending) {
      const stopped = entry.state === 'refused' || entry.state === 'overtaken'
      if (!stopped) told.current.delete(entry.clientId)
      else if (entry.conversationId !== open && !told.current.has(entry.clientId)) {
        told.current.add(entry.clientId)
        toasts.show(
          {
            tone: 'problem',
            text: t('delivery.stopped'),
            action: {
              label: t('common.look'),
              run: () => void navigate({ to: '/c/$id', params: { id: entry.conversationId } }),
            },
          },
          20_000,
        )
      }
    }
  }, [pending, open, toasts, t, navigate])
  return null
}
