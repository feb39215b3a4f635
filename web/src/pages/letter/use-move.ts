import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationAnswer } from '../../../../src/wire/conversation.ts'
import { ApiError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'

interface Move {
  path: string
  body: unknown
  /** What is said when it is done. */
  said: string
}

/** Messages go to another conversation, and the reader with them. */
export function useMove(): { busy: boolean; move: (move: Move) => Promise<boolean> } {
  const { api, toasts } = useGround()
  const { t } = useTranslation()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const search = useSearch({ from: '/desk/inbox' })
  const [busy, setBusy] = useState(false)

  async function move({ path, body, said }: Move): Promise<boolean> {
    setBusy(true)
    try {
      const { conversation: id } = await api.send<ConversationAnswer>('POST', path, body)
      await Promise.all(
        ['list', 'counts', 'conversation', 'transcript'].map((name) => cache.invalidateQueries({ queryKey: [name] })),
      )
      await navigate({ to: '/c/$id', params: { id }, search })
      toasts.show({ tone: 'plain', text: said })
      return true
    } catch (error) {
      const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, move }
}
