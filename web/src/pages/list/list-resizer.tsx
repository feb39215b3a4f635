import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../../data/services.ts'

const least = 300
const most = 480

export function ListResizer() {
  const { t } = useTranslation()
  const [{ listWidth }, setPreferences] = usePreferences()
  const set = (width: number) => setPreferences({ listWidth: Math.round(Math.min(most, Math.max(least, width))) })

  function drag(event: PointerEvent<HTMLHRElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0
    set(event.clientX - left)
  }
  function press(event: KeyboardEvent<HTMLHRElement>): void {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    set(listWidth + step)
  }

  return (
    <hr
      aria-orientation="vertical"
      aria-label={t('list.resize')}
      aria-valuenow={listWidth}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      className="absolute inset-y-0 -right-1 z-10 h-full w-2 cursor-col-resize touch-none border-0 transition-colors hover:bg-accent/25"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  )
}
