import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import { heldConversation, spread } from '../../data/conversations.ts'
import type { Transcript } from '../../data/message-merge.ts'
import { useApi } from '../../data/services.ts'

const settleMs = 600

/** Marks as read what is on a visible screen; answers where reading had stopped when the conversation was opened. */
export function useReadMark(
  id: string,
  detail: ConversationDetail | undefined,
  transcript: Transcript | undefined,
): number | null {
  const api = useApi()
  const cache = useQueryClient()
  const [openedAt, setOpenedAt] = useState<number | null>(null)
  const [marked, setMarked] = useState(0)
  const visible = useVisible()
  const last = transcript?.messages.at(-1)?.seq ?? 0
  const read = Math.max(marked, detail?.readSeq ?? 0)

  useEffect(() => {
    if (openedAt === null && detail) setOpenedAt(detail.readSeq)
  }, [openedAt, detail])

  useEffect(() => {
    if (!visible || !detail || last <= read) return
    const timer = setTimeout(() => {
      setMarked(last)
      const held = heldConversation(cache, id)
      if (held?.unread) spread(cache, { ...held, unread: false })
      // A lost mark is repeated with the next message; nothing to tell the agent.
      api.send('PUT', `/conversations/${id}/read`, { seq: last }).catch(() => setMarked(0))
    }, settleMs)
    return () => clearTimeout(timer)
  }, [visible, detail, last, read, api, cache, id])
  return openedAt
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(document.visibilityState === 'visible')
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return visible
}
