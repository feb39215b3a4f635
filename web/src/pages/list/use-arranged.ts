import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { conversationQuery } from '../../data/conversations.ts'
import { arrange } from '../../data/list-merge.ts'
import { useApi } from '../../data/services.ts'

const settleMs = 2_000

/** The rows as painted: still while the pointer is at work, in order two seconds after. */
export function useArranged(items: readonly Conversation[], selected: string | null) {
  const [held, setHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const shown = useRef<readonly string[]>([])
  const known = useRef(new Map<string, Conversation>())
  const release = useCallback(() => {
    clearTimeout(timer.current)
    setHeld(false)
  }, [])
  const hold = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setHeld(false), settleMs)
    setHeld(true)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])

  const arranged = useMemo(() => arrange(shown.current, items, { held, selected }), [items, held, selected])
  // A row that stays although it left the view is told by nobody else that it changed.
  const opened = useQuery({ ...conversationQuery(useApi(), selected ?? ''), enabled: false }).data
  const rows = useMemo(() => {
    for (const item of items) known.current.set(item.id, item)
    const before = opened && known.current.get(opened.id)
    if (before && opened.version > before.version) known.current.set(opened.id, opened)
    return arranged.order.flatMap((id) => known.current.get(id) ?? [])
  }, [items, arranged, opened])
  useEffect(() => {
    shown.current = arranged.order
  }, [arranged])
  return { rows, waiting: held ? arranged.waiting : 0, urgent: arranged.urgent, hold, release }
}
