import { useEffect, useState } from 'react'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import type { useDraft } from '../../data/draft.ts'
import { useDesk } from '../../data/services.ts'
import { useActions } from '../conversation/use-actions.ts'
import type { EnvelopeInHand } from './use-envelope.ts'
import type { FilesInHand } from './use-files.ts'

interface InHand {
  draft: ReturnType<typeof useDraft>
  files: FilesInHand
  /** null: nobody is addressed here. */
  letter: EnvelopeInHand | null
  /** Nothing but notes can be written here. */
  closed: boolean
}

export function useSend(conversation: Conversation, { draft, files, letter, closed }: InHand) {
  const { outbox } = useDesk()
  const actions = useActions(conversation)
  const { text, attachments } = draft.writing
  /** Send was pressed while files were still on their way: what follows them. */
  const [after, setAfter] = useState<{ andResolve: boolean } | null>(null)
  const something = text.trim() !== '' || attachments.length > 0 || files.uploading
  const canSend = something && !letter?.problem && !(closed && draft.writing.kind === 'reply')

  async function send(andResolve: boolean): Promise<void> {
    if (!canSend) return
    if (files.uploading) return setAfter({ andResolve })
    const taken = draft.take()
    const clientId = crypto.randomUUID()
    // A save on its way must land before the message: the server drops the draft when it stores the message.
    await Promise.race([draft.settled(), new Promise((resolve) => setTimeout(resolve, 1_500))])
    outbox.send({
      ...taken,
      envelope: taken.kind === 'reply' && letter?.sure ? letter.envelope : null,
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

  const failed = files.uploads.some((upload) => upload.error !== undefined)
  useEffect(() => {
    if (!after || files.uploading) return
    setAfter(null)
    // A message whose file could not be uploaded stays in the composer, where the reason is shown.
    if (!failed) void send(after.andResolve)
  })

  return { canSend, waiting: after !== null, send: (andResolve: boolean) => void send(andResolve) }
}
