import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'

interface Move {
  path: string
  body: unknown
  /** What is said when it is done. */
  said: string
  /** Where its messages are then; absent: as the answer says. */
  to?: string
}

/** Messages go to another conversation, and the reader with them. */
export function useMove(): { busy: boolean; move: (move: Move) => Promise<boolean> } {
  const { api, toasts } = useGround()
  const { t } = useTranslation()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const search = useSearch({ from: '/desk/inbox' })
  const [busy, setBusy] = useState(false)

  async function move({ path, body, said, to }: Move): Promise<boolean> {
    setBusy(true)
    try {
      const answer = await api.send<Answer | undefined>('POST', path, body)
      const id = to ?? answer?.conversation?.id ?? answer?.id
      await Promise.all(
        ['list', 'counts', 'conversation', 'transcript'].map((name) => cache.invalidateQueries({ queryKey: [name] })),
      )
      if (id) await navigate({ to: '/c/$id', params: { id }, search })
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

interface Answer {
  id?: string
  conversation?: { id: string }
}
