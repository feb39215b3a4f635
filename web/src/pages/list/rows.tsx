import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { cx } from '../../components/cx.ts'
import { usePreferences } from '../../data/services.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { Row } from './row.tsx'
import { useArranged } from './use-arranged.ts'

interface RowsProps {
  items: Conversation[]
  selected: string | null
  view: string
  onOpen: (id: string) => void
  onEnd: () => void
}

export function Rows({ items, selected, view, onOpen, onEnd }: RowsProps) {
  const [{ density }] = usePreferences()
  const { rows, waiting, urgent, hold, release } = useArranged(items, selected)
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (density === 'compact' ? 60 : 82),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
  })
  useEffect(() => {
    if (density) virtual.measure()
  }, [density, virtual])
  const [cursor, setCursor] = useCursor(rows, selected, onOpen, (index) => virtual.scrollToIndex(index))
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 10) onEnd()
  }, [last, rows.length, onEnd])

  return (
    <>
      <WaitingBar
        waiting={waiting}
        urgent={urgent}
        onShow={() => {
          release()
          scroller.current?.scrollTo({ top: 0 })
        }}
      />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" onPointerMove={hold} onWheel={hold}>
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start, size }) => {
            const item = rows[index]
            return item ? (
              <li
                key={item.id}
                className="absolute inset-x-0 top-0"
                style={{ height: size, transform: `translateY(${start}px)` }}
              >
                <Row
                  item={item}
                  view={view}
                  open={item.id === selected}
                  reachable={item.id === cursor}
                  onFocus={setCursor}
                />
              </li>
            ) : null
          })}
        </ul>
      </div>
    </>
  )
}

function WaitingBar({ waiting, urgent, onShow }: { waiting: number; urgent: boolean; onShow: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="status" className="relative z-10 h-0">
      {waiting > 0 ? (
        <button
          type="button"
          data-state="open"
          className={cx(
            'sheet-in absolute inset-x-0 top-2 mx-auto flex h-7 w-fit items-center gap-1.5 rounded-full px-3 text-xs font-medium shadow-lift touch:h-11',
            urgent ? 'bg-danger-fill text-white' : 'bg-accent text-on-accent',
          )}
          onClick={onShow}
        >
          <ArrowUp className="size-3.5" />
          {t('list.waiting', { count: waiting })}
        </button>
      ) : null}
    </div>
  )
}

/** The row that keys act on. With a conversation open, moving the cursor opens the next one. */
function useCursor(
  rows: readonly Conversation[],
  selected: string | null,
  onOpen: (id: string) => void,
  reveal: (index: number) => void,
): [string | null, (id: string) => void] {
  const [cursor, setCursor] = useState<string | null>(selected)
  useEffect(() => {
    if (selected) setCursor(selected)
  }, [selected])
  const valid = cursor !== null && rows.some((row) => row.id === cursor)
  const at = valid ? rows.findIndex((row) => row.id === cursor) : -1
  const move = useCallback(
    (step: number) => {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))]
      if (!next) return
      setCursor(next.id)
      reveal(rows.indexOf(next))
      if (selected) onOpen(next.id)
      else requestAnimationFrame(() => document.getElementById(`row-${next.id}`)?.focus())
    },
    [rows, at, selected, onOpen, reveal],
  )
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: selected ? undefined : () => move(1),
    ArrowUp: selected ? undefined : () => move(-1),
    Enter: selected || !valid ? undefined : () => onOpen(cursor),
  })
  return [valid ? cursor : (rows[0]?.id ?? null), setCursor]
}
