import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'

/** Says new words of the customer politely, and only those that arrive while the conversation is open. */
export function Announcer({ messages }: { messages: readonly Message[] }) {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  const last = useRef<number | null>(null)
  const newest = messages.at(-1)
  useEffect(() => {
    if (!newest) return
    const isNew = last.current !== null && newest.seq > last.current
    last.current = newest.seq
    if (isNew && newest.direction === 'in') {
      setSaid(t('conversation.says', { name: newest.sender.name || t('contact.nameless'), text: newest.text }))
    }
  }, [newest, t])
  return (
    <p className="sr-only" aria-live="polite">
      {said}
    </p>
  )
}
