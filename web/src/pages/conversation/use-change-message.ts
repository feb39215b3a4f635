import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { Message, MessageAnswer } from '../../../../src/wire/message.ts'
import { ApiError } from '../../data/api.ts'
import { useDesk, useGround } from '../../data/services.ts'
import { showOwn } from '../../data/transcript.ts'

export interface MessageChanges {
  readonly edit: boolean
  readonly remove: boolean
  readonly react: boolean
  /** What one would expect of a message of one's own, and this place does not allow. */
  readonly fixed: 'edit' | 'remove' | 'both' | null
}

/** What this agent may do to this message, where its channel can. The server has the last word. */
export function useMessageChanges(message: Message, conversation: ConversationDetail | undefined): MessageChanges {
  const { me } = useDesk()
  const can = conversation?.capabilities
  const works = (support: string | undefined) => support === 'full' || support === 'partial'
  const mine = message.sender.type === 'agent' && message.sender.id === me.agent?.id
  const may = mine || (me.agent !== null && me.agent.role !== 'agent')
  const settled = message.deliveries.every(({ state }) => ['sent', 'delivered', 'read', 'cancelled'].includes(state))
  const unsent = message.deliveries.every(({ state }) => ['pending', 'held', 'failed', 'cancelled'].includes(state))
  const note = message.direction === 'note'
  const ours = note || message.direction === 'out'
  const stays = { edit: !works(can?.edit), remove: !works(can?.remove) && !unsent }
  const fixed = stays.edit && stays.remove ? 'both' : stays.edit ? 'edit' : stays.remove ? 'remove' : null
  return {
    fixed: can && !note && ours && may && settled ? fixed : null,
    edit: ours && may && (note || (works(can?.edit) && settled)),
    remove: ours && may && (note || unsent || (works(can?.remove) && settled)),
    react: !note && works(can?.reactions.out) && !message.history,
  }
}

export function useChangeMessage(message: Message) {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()
  const show = (answer: MessageAnswer): void => showOwn(cache, answer.message)
  return {
    /** Rejects with the server's own sentence, which belongs beside the words. */
    edit: async (text: string) => show(await api.send<MessageAnswer>('PATCH', `/messages/${message.id}`, { text })),
    remove: async () => show(await api.send<MessageAnswer>('DELETE', `/messages/${message.id}`)),
    /** On, or off again. */
    react: async (emoji: string) => {
      const own = message.reactions.filter(({ ours }) => ours).map((reaction) => reaction.emoji)
      const reactions = own.includes(emoji) ? own.filter((other) => other !== emoji) : [emoji]
      try {
        show(await api.send<MessageAnswer>('POST', `/messages/${message.id}/reactions`, { reactions }))
      } catch (error) {
        const said = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')
        toasts.show({ tone: 'problem', text: said })
      }
    },
  }
}
