import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BotSuggestion } from '../../../../../src/wire/bot.ts'
import { ApiError } from '../../../data/api.ts'
import { suggestionsKey } from '../../../data/bot.ts'
import { useGround } from '../../../data/services.ts'

export interface Decide {
  /** A draft opens in the editor; `phrasing` says the customer's words in others. */
  accept(one: BotSuggestion, phrasing?: string): Promise<void>
  dismiss(one: BotSuggestion): Promise<void>
}

/** Gone at once, back for six seconds if wished, and back with a sentence where the server refuses. */
export function useDecide(): Decide {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { t } = useTranslation()

  const again = () => cache.invalidateQueries({ queryKey: suggestionsKey })
  const refused = async (error: unknown) => {
    const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
    toasts.show({ tone: 'problem', text })
    await again()
  }
  const reopen = async ({ id }: BotSuggestion) => {
    await api.send('POST', `/bot/suggestions/${id}/reopen`).catch(refused)
    await again()
  }
  const takeOut = ({ id }: BotSuggestion) =>
    cache.setQueryData<BotSuggestion[]>(suggestionsKey, (old) => old?.filter((other) => other.id !== id))
  const undone = (one: BotSuggestion, text: string) =>
    toasts.show({ tone: 'plain', text, action: { label: t('common.undo'), run: () => void reopen(one) } })

  return {
    async accept(one, phrasing) {
      // An earlier answer of the server must not bring it back.
      await cache.cancelQueries({ queryKey: suggestionsKey })
      takeOut(one)
      try {
        const path = `/bot/suggestions/${one.id}/accept`
        const { articleId } = await api.send<{ articleId: string }>('POST', path, phrasing ? { phrasing } : undefined)
        void cache.invalidateQueries({ queryKey: ['article', articleId] })
        void cache.invalidateQueries({ queryKey: ['articles'] })
        if (one.kind === 'phrasing') undone(one, t('botPage.accepted'))
        else await navigate({ to: '/articles/$id', params: { id: articleId }, search: { locale: one.locale } })
      } catch (error) {
        await refused(error)
      }
    },
    async dismiss(one) {
      await cache.cancelQueries({ queryKey: suggestionsKey })
      takeOut(one)
      try {
        await api.send('POST', `/bot/suggestions/${one.id}/dismiss`)
        undone(one, t('botPage.dismissed'))
      } catch (error) {
        await refused(error)
      }
    },
  }
}
