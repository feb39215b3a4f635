import { Split } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationDetail, SplitBody } from '../../../../src/wire/conversation.ts'
import type { Message } from '../../../../src/wire/message.ts'
import { useMove } from './use-move.ts'

/** What came under another subject may be another case. */
export function SplitButton({ conversation, from }: { conversation: ConversationDetail; from: Message }) {
  const { t } = useTranslation()
  const { busy, move } = useMove()
  const body: SplitBody = { fromMessageId: from.id }
  return (
    <button
      type="button"
      disabled={busy}
      className="inline-flex min-h-6 items-center gap-1 rounded px-2 text-accent-text hover:bg-hover disabled:opacity-55 touch:min-h-11"
      onClick={() => void move({ path: `/conversations/${conversation.id}/split`, body, said: t('letter.splitDone') })}
    >
      <Split aria-hidden="true" className="size-3.5" />
      {t('letter.split')}
    </button>
  )
}
