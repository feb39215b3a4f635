import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message } from '../../../../src/wire/message.ts'

const near = 120
// Above the newest message, when its beginning is what is looked at.
const headroom = 8

/**
 * Follows new words while the reader is at the end, keeps the place while older ones are added above, and never pulls a reader
 * down. What is longer than the window (a mail) is begun at its beginning.
 */
export function useStickToEnd(
  scroller: RefObject<HTMLDivElement | null>,
  messages: readonly Message[],
  pending: number,
) {
  const [away, setAway] = useState(false)
  const [seen, setSeen] = useState(0)
  /** `newest`: nobody has scrolled since it came; `end`: the reader went there; `free`: the reader is elsewhere. */
  const place = useRef<'newest' | 'end' | 'free'>('newest')
  const put = useRef(0)
  const before = useRef({ firstId: '', height: 0 })
  const lastSeq = messages.at(-1)?.seq ?? 0
  const lastId = messages.at(-1)?.id ?? ''
  const firstId = messages[0]?.id ?? ''
  const newest = useRef({ lastSeq, lastId })
  newest.current = { lastSeq, lastId }

  const align = useCallback(() => {
    const box = scroller.current
    if (!box) return
    if (place.current === 'newest') box.scrollTop = topOfNewest(box, newest.current.lastId) ?? box.scrollHeight
    else if (place.current === 'end') box.scrollTop = box.scrollHeight
    put.current = box.scrollTop
    before.current.height = box.scrollHeight
  }, [scroller])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const { firstId: oldFirst, height } = before.current
    before.current.firstId = firstId
    // Somebody who reads a long mail from its beginning is not at the end either.
    if (oldFirst && height - box.scrollTop - box.clientHeight >= near) {
      place.current = 'free'
      setAway(true)
    }
    if (place.current === 'free') {
      if (oldFirst && oldFirst !== firstId) box.scrollTop += box.scrollHeight - height
      put.current = box.scrollTop
      before.current.height = box.scrollHeight
      return
    }
    place.current = 'newest'
    align()
    setSeen(lastSeq)
  }, [scroller, firstId, lastSeq, align])

  const toEnd = useCallback(() => {
    place.current = 'end'
    align()
    setAway(false)
    setSeen(newest.current.lastSeq)
  }, [align])

  useEffect(() => {
    // What the agent has just written must be in sight.
    if (pending > 0) toEnd()
  }, [pending, toEnd])

  useEffect(() => {
    const box = scroller.current
    const inside = box?.firstElementChild
    if (!box || !inside) return
    // Pictures and text that arrive late make the content grow.
    const watcher = new ResizeObserver(align)
    watcher.observe(inside)
    watcher.observe(box)
    return () => watcher.disconnect()
  }, [scroller, align])

  function onScroll(): void {
    const box = scroller.current
    // What shrinks moves the window before anything here hears of it: that was not the reader.
    if (!box || box.scrollHeight !== before.current.height || Math.abs(box.scrollTop - put.current) < 2) return
    place.current = box.scrollHeight - box.scrollTop - box.clientHeight < near ? 'end' : 'free'
    setAway(place.current === 'free')
    if (place.current === 'end') setSeen(lastSeq)
  }
  const fresh = messages.filter((message) => message.seq > seen && message.direction === 'in').length
  return { away, fresh, toEnd, onScroll }
}

/** null: it is seen whole at the end. */
function topOfNewest(box: HTMLElement, id: string): number | null {
  const article = document.getElementById(`message-${id}`)
  if (!article || article.offsetHeight + headroom < box.clientHeight) return null
  return article.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop - headroom
}
