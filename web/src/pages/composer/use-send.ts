import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { useDraft } from '../../data/draft.ts'
import { useDesk, useGround } from '../../data/services.ts'
import { useActions } from '../conversation/use-actions.ts'
import type { FilesInHand } from './use-files.ts'

export function useSend(conversation: ConversationDetail, draft: ReturnType<typeof useDraft>, files: FilesInHand) {
  const { outbox } = useDesk()
  const { toasts } = useGround()
  const { t } = useTranslation()
  const actions = useActions(conversation)
  const { text, attachments } = draft.writing
  const canSend = (text.trim() !== '' || attachments.length > 0) && !files.uploading

  async function send(andResolve: boolean): Promise<void> {
    if (files.uploading) return toasts.show({ tone: 'problem', text: t('composer.stillUploading') })
    if (!canSend) return
    const taken = draft.take()
    const clientId = crypto.randomUUID()
    // A save on its way must land before the message: the server drops the draft when it stores the message.
    await Promise.race([draft.settled(), new Promise((resolve) => setTimeout(resolve, 1_500))])
    outbox.send({
      ...taken,
      clientId,
      conversationId: conversation.id,
      basedOn: conversation.version,
      at: new Date().toISOString(),
      state: 'sending',
    })
    if (andResolve && taken.kind === 'reply') await resolveAfter(clientId)
  }

  /** Resolved only once the reply is on the server; otherwise the reply's own "waiting" would open it again. */
  async function resolveAfter(clientId: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (outbox.pending.get().some((entry) => entry.clientId === clientId)) return
        stop()
        resolve()
      }
      const stop = outbox.pending.subscribe(look)
      look()
    })
    await actions.setStatus('resolved')
  }

  return { canSend, send: (andResolve: boolean) => void send(andResolve) }
}
