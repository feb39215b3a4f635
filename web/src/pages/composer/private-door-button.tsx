import { DoorOpen } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, PrivateDoor } from '../../../../src/wire/conversation.ts'
import type { Writing } from '../../data/draft.ts'
import { useGround } from '../../data/services.ts'
import { askComposer } from './ask-composer.ts'

interface PrivateDoorProps {
  conversation: Conversation
  writing: Writing
  change: (part: Partial<Writing>) => void
}

/** Puts the words that ask the customer into private where the answer is written; the agent sends them. */
export function PrivateDoorButton({ conversation, writing, change }: PrivateDoorProps) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const [busy, setBusy] = useState(false)
  // What is typed while the words are on their way stays.
  const latest = useRef(writing.text)
  latest.current = writing.text
  const ask = async () => {
    setBusy(true)
    try {
      const { text, url } = await api.get<PrivateDoor>(`/conversations/${conversation.id}/private-door`)
      const written = latest.current.trimEnd()
      if (!written.includes(url)) change({ text: written ? `${written}\n\n${text}` : text })
      askComposer({ kind: 'reply' })
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
    setBusy(false)
  }
  return (
    <button
      type="button"
      disabled={busy}
      className="-my-1 flex min-h-6 items-center gap-1 rounded px-1 font-medium text-accent-text underline underline-offset-2 hover:bg-hover disabled:opacity-50 touch:min-h-11"
      onClick={() => void ask()}
    >
      <DoorOpen aria-hidden="true" className="size-3.5 shrink-0" />
      {t('composer.privateDoor')}
    </button>
  )
}
