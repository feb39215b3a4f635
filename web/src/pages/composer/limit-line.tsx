import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '../../../../src/wire/channel.ts'
import type { Preview } from '../../../../src/wire/message.ts'
import { sayPreviewProblem, useChannelName } from '../../data/channel-words.ts'
import type { Writing } from '../../data/draft.ts'
import { useSaid } from '../../data/said.ts'
import { useApi } from '../../data/services.ts'

const from = 0.8

interface LimitLineProps {
  id: string
  channel: string
  limits: Capabilities['text'] | undefined
  writing: Writing
}

/** Nothing until a limit comes near or the channel would change what was written; then the channel's own count. */
export function LimitLine({ id, channel, limits, writing }: LimitLineProps) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const channelName = useChannelName()(channel)
  const said = useSaid(channel)
  const asked = useSettled(writing, 350)
  const near = limits !== undefined && roughLength(asked.text, limits.unit) >= limits.max * from
  const marked = /[*_`#>[\]]/.test(asked.text)
  const wanted = writing.kind === 'reply' && (near || asked.attachments.length > 0 || marked)
  const files = asked.attachments.map((file) => file.id)
  const { replyTo } = asked
  const preview = useQuery<Preview>({
    queryKey: ['preview', id, asked.text, files, replyTo],
    enabled: wanted,
    gcTime: 10_000,
    retry: false,
    placeholderData: (old: Preview | undefined) => old,
    queryFn: () =>
      api.send<Preview>('POST', `/conversations/${id}/preview`, {
        text: asked.text,
        kind: 'reply',
        ...(files.length ? { attachments: files } : {}),
        ...(replyTo !== null && { replyTo }),
      }),
  }).data
  if (!wanted || !preview) return null
  const last = preview.parts.at(-1)
  // What was roughly near may be far by the channel's own count.
  const close = preview.parts.length > 1 || (last !== undefined && last.length >= last.max * from)
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <div className="flex flex-wrap items-center gap-x-3 px-3.5 pb-1 text-xs text-faint" role="status">
      {near && last && close ? (
        <span className={preview.parts.length > 1 ? 'text-warning' : ''}>
          {preview.parts.length > 1
            ? t('composer.parts', { count: preview.parts.length })
            : t('composer.left', {
                count: Math.max(0, last.max - last.length),
                n: number.format(Math.max(0, last.max - last.length)),
              })}
        </span>
      ) : null}
      {preview.problems.map((problem) => (
        <span key={problem.message} className={problem.support === 'rejected' ? 'text-danger' : 'text-warning'}>
          {said(sayPreviewProblem(t, channelName, problem))}
        </span>
      ))}
    </div>
  )
}

export function roughLength(text: string, unit: Capabilities['text']['unit']): number {
  if (unit === 'utf16') return text.length
  if (unit === 'bytes') return new TextEncoder().encode(text).length
  if (unit === 'codePoints') return [...text].length
  // Weighted counters give a CJK sign two and an address 23; close enough to decide whether to ask the channel.
  const plain = text.replace(/(?:https?:\/\/)?[\w-]+\.[a-z]{2,}\S*/gi, 'x'.repeat(23))
  return [...plain].reduce((sum, char) => sum + (char > '\u10ff' ? 2 : 1), 0)
}

/** At once after a pause, and at most this often while somebody goes on typing. */
function useSettled(writing: Writing, ms: number): Writing {
  const [settled, setSettled] = useState(writing)
  const last = useRef(0)
  useEffect(() => {
    const settle = () => {
      last.current = Date.now()
      setSettled(writing)
    }
    const timer = setTimeout(settle, Math.max(0, last.current + ms - Date.now()))
    return () => clearTimeout(timer)
  }, [writing, ms])
  return settled
}
