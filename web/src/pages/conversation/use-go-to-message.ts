import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Transcript } from '../../data/message-merge.ts'

/** So far back nobody reads page by page; it ends at the oldest of them. */
const mostPages = 60

/** The message that the address bar names is shown in the middle, after as many earlier ones were fetched as that takes. */
export function useGoToMessage(transcript: Transcript | undefined, loadOlder: () => void): void {
  const target = useLocation({ select: (location) => location.hash })
  const done = useRef('')
  const pages = useRef(0)
  useEffect(() => {
    if (!transcript || !target.startsWith('message-') || done.current === target) return
    const article = document.getElementById(target)
    if (article) {
      done.current = target
      pages.current = 0
      article.scrollIntoView({ block: 'center' })
      article.tabIndex = -1
      article.focus({ preventScroll: true })
      article.classList.add('looked-for')
      setTimeout(() => article.classList.remove('looked-for'), 2_000)
    } else if (transcript.hasOlder && pages.current < mostPages) {
      pages.current += 1
      loadOlder()
    }
  }, [transcript, target, loadOlder])
}
