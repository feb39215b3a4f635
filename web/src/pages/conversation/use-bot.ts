import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'
import { ApiError } from '../../data/api.ts'
import { botTurnsKey } from '../../data/bot.ts'
import { useGround } from '../../data/services.ts'

/** What people do about the bot. */
export function useBot() {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  const done = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      const said = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text: said })
      return false
    }
  }
  const judge = async (message: Pick<Message, 'id' | 'conversationId'>, wrong: boolean): Promise<void> => {
    if (!(await done(() => api.send('PUT', `/messages/${message.id}/verdict`, { wrong })))) return
    void cache.invalidateQueries({ queryKey: botTurnsKey(message.conversationId) })
    void cache.invalidateQueries({ queryKey: ['bot-quality'] })
    const undo = { label: t('common.undo'), run: () => void judge(message, false) }
    toasts.show({ tone: 'plain', text: t(wrong ? 'bot.judged' : 'botWhy.unmarked'), ...(wrong && { action: undo }) })
  }
  return {
    judge,
    give: async (conversationId: string) => {
      if (await done(() => api.send('POST', `/conversations/${conversationId}/bot`)))
        toasts.show({ tone: 'plain', text: t('bot.given') }, 2_500)
    },
  }
}
