import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from './api.ts'
import { useGround } from './services.ts'

/** Takes the next one that waits and opens it; says so when there is none. */
export function useNext(): () => Promise<void> {
  const { api, toasts } = useGround()
  const navigate = useNavigate()
  const { t } = useTranslation()
  return async () => {
    try {
      const { conversation } = await api.send<{ conversation: string | null }>('POST', '/me/next', {})
      if (conversation === null) toasts.show({ tone: 'plain', text: t('next.none') })
      else void navigate({ to: '/c/$id', params: { id: conversation }, search: { view: 'mine' } })
    } catch (error) {
      const said = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text: said })
    }
  }
}
