import { useTranslation } from 'react-i18next'
import { ApiError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'

/** What people do about the bot. */
export function useBot() {
  const { api, toasts } = useGround()
  const { t } = useTranslation()
  const send = async (method: 'POST' | 'PUT', path: string, done: string, body?: unknown) => {
    try {
      await api.send(method, path, body)
      toasts.show({ tone: 'plain', text: done }, 2_500)
    } catch (error) {
      const said = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text: said })
    }
  }
  return {
    give: (conversationId: string) => send('POST', `/conversations/${conversationId}/bot`, t('bot.given')),
    judge: (messageId: string) => send('PUT', `/messages/${messageId}/verdict`, t('bot.judged'), { wrong: true }),
  }
}
