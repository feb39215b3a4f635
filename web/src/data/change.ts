import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, ConversationDetail, ConversationPatch } from '../../../src/wire/conversation.ts'
import type { ConflictDetails } from '../../../src/wire/error.ts'
import { ApiError } from './api.ts'
import { heldConversation, spread } from './conversations.ts'
import { useGround } from './services.ts'

type Change = Omit<ConversationPatch, 'basedOn' | 'force'>

/** Shown at once, undone for six seconds, taken back with a sentence when the server refuses. */
export function useChange(): (id: string, change: Change, said: string) => Promise<boolean> {
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { t } = useTranslation()

  return useCallback(
    async (id, change, said) => {
      async function apply(wanted: Change, force: boolean): Promise<Conversation | null> {
        const before = heldConversation(cache, id)
        if (before) spread(cache, { ...before, ...shown(wanted) })
        try {
          const basedOn = before?.version
          const body: ConversationPatch = {
            ...wanted,
            ...(basedOn === undefined ? {} : { basedOn }),
            ...(force ? { force } : {}),
          }
          spread(cache, await api.send<ConversationDetail>('PATCH', `/conversations/${id}`, body))
          void cache.invalidateQueries({ queryKey: ['counts'] })
          return before ?? null
        } catch (error) {
          if (before) spread(cache, before)
          void cache.invalidateQueries({ queryKey: ['conversation', id] })
          refused(error, wanted)
          return null
        }
      }

      function refused(error: unknown, wanted: Change): void {
        const by = conflictBy(error)
        if (by === null) {
          toasts.show({
            tone: 'problem',
            text: error instanceof ApiError && error.status > 0 ? error.message : t('error.offline'),
          })
          return
        }
        toasts.show({
          tone: 'problem',
          text: by ? t('conflict.changedBy', { name: by }) : t('conflict.changed'),
          action: { label: t('conflict.anyway'), run: () => void apply(wanted, true) },
        })
      }

      const before = await apply(change, false)
      if (!before) return false
      toasts.show({
        tone: 'plain',
        text: said,
        action: { label: t('common.undo'), run: () => void apply(inverse(change, before), true) },
      })
      return true
    },
    [api, cache, t, toasts],
  )
}

/** '' : somebody unknown; null: no conflict at all. */
function conflictBy(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.status !== 409 || error.code !== 'conflict') return null
  return (error.details as ConflictDetails | undefined)?.changes?.find((change) => change.by)?.by ?? ''
}

function shown(change: Change): Partial<Conversation> {
  const holder =
    change.assigneeId === undefined ? {} : { holder: change.assigneeId ? ('agent' as const) : ('queue' as const) }
  return { ...(change as Partial<Conversation>), ...holder }
}

export function inverse(change: Change, before: Conversation): Change {
  const back: Record<string, unknown> = {}
  for (const name of Object.keys(change) as (keyof Change)[]) back[name] = before[name as keyof Conversation]
  if (back['status'] !== 'snoozed') delete back['snoozedUntil']
  if (back['status'] !== 'onHold') delete back['onHoldFor']
  return back as Change
}
