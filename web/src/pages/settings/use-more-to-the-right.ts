import { useLocation } from '@tanstack/react-router'
import { type RefObject, useEffect, useRef, useState } from 'react'

/** Whether a row that scrolls sideways hides something behind its end; the place one is at is always in sight. */
export function useMoreToTheRight(): { ref: RefObject<HTMLElement | null>; more: boolean } {
  const ref = useRef<HTMLElement>(null)
  const [more, setMore] = useState(false)
  const path = useLocation({ select: (location) => location.pathname })
  useEffect(() => {
    const row = ref.current
    if (!row) return
    if (path) row.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
    const look = () => setMore(row.scrollWidth - row.clientWidth - row.scrollLeft > 8)
    look()
    const watcher = new ResizeObserver(look)
    watcher.observe(row)
    row.addEventListener('scroll', look, { passive: true })
    return () => {
      watcher.disconnect()
      row.removeEventListener('scroll', look)
    }
  }, [path])
  return { ref, more }
}
