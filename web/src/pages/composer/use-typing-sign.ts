import { useEffect, useRef } from 'react'
import { useDesk } from '../../data/services.ts'

const everyMs = 3_000
/** Shown so long by those who hear it: later there is nothing to take back. */
const shownMs = 6_000

/** "Writing" at most every three seconds, taken back when the box is emptied or left. A note is told to colleagues only. */
export function useTypingSign(conversation: string, text: string, note: boolean): void {
  const { live } = useDesk()
  const sent = useRef({ at: 0, note })
  const before = useRef(text)
  useEffect(() => {
    // A draft that arrives from the server is nobody's typing.
    const typed = document.activeElement instanceof HTMLTextAreaElement
    const grew = typed && text !== before.current && text.length > 0
    const emptied = before.current.length > 0 && text.length === 0
    before.current = text
    const say = (typing: boolean, about: boolean) =>
      live.send({ type: 'typing', conversation, typing, ...(about && { note: true }) })
    const shown = Date.now() - sent.current.at < shownMs
    if (shown && (emptied || sent.current.note !== note)) {
      say(false, sent.current.note)
      sent.current.at = 0
    }
    if (!grew || (Date.now() - sent.current.at < everyMs && sent.current.note === note)) return
    sent.current = { at: Date.now(), note }
    say(true, note)
  }, [live, conversation, text, note])
  useEffect(
    () => () => {
      const { at, note: about } = sent.current
      if (Date.now() - at < shownMs) {
        live.send({ type: 'typing', conversation, typing: false, ...(about && { note: true }) })
      }
    },
    [live, conversation],
  )
}
