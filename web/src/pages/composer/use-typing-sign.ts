import { useEffect, useRef } from 'react'
import { useDesk } from '../../data/services.ts'

const everyMs = 3_000

/** "Typing" at most every three seconds, for replies only: what is noted is nobody's business outside. */
export function useTypingSign(conversation: string, text: string, note: boolean): void {
  const { live } = useDesk()
  const sentAt = useRef(0)
  const before = useRef(text)
  useEffect(() => {
    const grew = text !== before.current && text.length > 0
    before.current = text
    if (note || !grew || Date.now() - sentAt.current < everyMs) return
    sentAt.current = Date.now()
    live.send({ type: 'typing', conversation, typing: true })
  }, [live, conversation, text, note])
}
