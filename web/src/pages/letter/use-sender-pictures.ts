import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SenderPictures } from '../../../../src/wire/letter.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { ApiError } from '../../data/api.ts'
import { useGround } from '../../data/services.ts'

/** What was said of this sender's pictures on this page; all mails of the sender follow. The server decides for each of them. */
export function useSenderPictures({ id, sender }: Message): {
  said: boolean | undefined
  say: (always: boolean) => Promise<void>
} {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  const queryKey = ['sender-pictures', sender.id]
  const said = useQuery<boolean>({ queryKey, queryFn: skipToken }).data
  const say = async (always: boolean) => {
    try {
      const body: SenderPictures = { always }
      await api.send('PUT', `/messages/${id}/pictures`, body)
      cache.setQueryData(queryKey, always)
    } catch (error) {
      const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
      toasts.show({ tone: 'problem', text })
    }
  }
  return { said, say }
}
