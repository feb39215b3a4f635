import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message } from '../../../../src/wire/message.ts'

const near = 120

/** Follows new words while the reader is at the end, keeps the place while older ones are added above, and never pulls a reader down. */
export function useStickToEnd(
  scroller: RefObject<HTMLDivElement | null>,
  messages: readonly Message[],
  pending: number,
) {
  const [away, setAway] = useState(false)
  const [seen, setSeen] = useState(0)
  const atEnd = useRef(true)
  const before = useRef({ firstId: '', height: 0 })
  const lastSeq = messages.at(-1)?.seq ?? 0
  const firstId = messages[0]?.id ?? ''
  const newest = useRef(lastSeq)
  newest.current = lastSeq

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const { firstId: oldFirst, height } = before.current
    if (oldFirst && oldFirst !== firstId && !atEnd.current) box.scrollTop += box.scrollHeight - height
    else if (atEnd.current) box.scrollTop = box.scrollHeight
    before.current = { firstId, height: box.scrollHeight }
    if (atEnd.current) setSeen(lastSeq)
  }, [scroller, firstId, lastSeq])

  const toEnd = useCallback(() => {
    const box = scroller.current
    if (!box) return
    atEnd.current = true
    box.scrollTop = box.scrollHeight
    setAway(false)
    setSeen(newest.current)
  }, [scroller])

  useEffect(() => {
    // What the agent has just written must be in sight.
    if (pending > 0) toEnd()
  }, [pending, toEnd])

  useEffect(() => {
    const box = scroller.current
    const inside = box?.firstElementChild
    if (!box || !inside) return
    // Pictures and text that arrive late make the content grow.
    const watcher = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight
      before.current.height = box.scrollHeight
    })
    watcher.observe(inside)
    watcher.observe(box)
    return () => watcher.disconnect()
  }, [scroller])

  function onScroll(): void {
    const box = scroller.current
    if (!box) return
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < near
    setAway(!atEnd.current)
    if (atEnd.current) setSeen(lastSeq)
  }
  const fresh = messages.filter((message) => message.seq > seen && message.direction === 'in').length
  return { away, fresh, toEnd, onScroll }
}
