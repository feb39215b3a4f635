import { ImageOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { root } from '../../data/api.ts'

interface LetterFrameProps {
  messageId: string
  /** Who wrote it, for the name of the frame. */
  from: string
}

/** A mail's HTML on its own white sheet. It may run nothing: a sandbox without scripts, and the server's own rules for the page. */
export function LetterFrame({ messageId, from }: LetterFrameProps) {
  const { t } = useTranslation()
  const [pictures, setPictures] = useState(false)
  // Of the sheet before: while the next one loads, nothing moves under the reader's eyes.
  const [height, setHeight] = useState<number>()
  const sheet = useSheet()
  const show = () => {
    setHeight(sheet.height())
    setPictures(true)
  }
  const address = `${root}/messages/${messageId}/html${pictures ? '?pictures=1' : ''}`
  return (
    <div className="flex flex-col gap-2">
      {sheet.blocked > 0 && !pictures ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded bg-pressed px-2.5 py-1 text-xs text-soft">
          <span className="flex min-w-0 flex-1 items-center gap-2">
            <ImageOff aria-hidden="true" className="size-3.5 shrink-0" />
            {t('letter.blocked', { count: sheet.blocked })}
          </span>
          <button
            type="button"
            className="min-h-6 rounded px-1 font-medium text-accent-text underline underline-offset-2 touch:min-h-11"
            onClick={show}
          >
            {t('letter.showOnce')}
          </button>
        </p>
      ) : null}
      <iframe
        // A frame that goes to another address would leave a step in the browser's history.
        key={address}
        src={address}
        title={t('letter.frame', { name: from })}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        loading="lazy"
        onLoad={(event) => sheet.watch(event.currentTarget)}
        style={{ height }}
        className="block h-24 w-full rounded border border-line bg-white [color-scheme:light]"
      />
    </div>
  )
}

const tallest = 30_000
// A sheet that asks for a share of its window would grow with it for ever.
const mostSteps = 40

/** As high as what is in it, so that only the conversation scrolls. */
function useSheet() {
  const [blocked, setBlocked] = useState(0)
  const stop = useRef<() => void>(undefined)
  const shown = useRef<HTMLIFrameElement>(undefined)
  useEffect(() => () => stop.current?.(), [])

  function watch(frame: HTMLIFrameElement): void {
    stop.current?.()
    shown.current = frame
    const page = frame.contentDocument
    if (!page?.body) return
    setBlocked(page.querySelectorAll('[data-remote]').length)
    let steps = 0
    const fit = () => {
      steps += 1
      const wanted = Math.min(tallest, wantedHeight(page))
      if (steps > mostSteps || Math.abs(wanted - frame.clientHeight) < 1) return
      grow(frame, wanted - frame.clientHeight)
    }
    const watcher = new ResizeObserver(fit)
    watcher.observe(page.documentElement)
    watcher.observe(page.body)
    // Keys pressed in a frame stay in it; the shortcuts of the conversation must go on working.
    page.addEventListener('keydown', passOn)
    stop.current = () => watcher.disconnect()
  }
  return { blocked, watch, height: () => shown.current?.offsetHeight }
}

function wantedHeight(page: Document): number {
  const { documentElement, body } = page
  const sideways = documentElement.scrollWidth > documentElement.clientWidth ? 16 : 0
  return Math.ceil(Math.max(documentElement.getBoundingClientRect().height, body.scrollHeight)) + sideways
}

/** What grows above the reader's eyes must not push down what is read. */
function grow(frame: HTMLElement, by: number): void {
  const log = frame.closest('[role="log"]')
  const above = log !== null && frame.getBoundingClientRect().bottom < log.getBoundingClientRect().top
  frame.style.height = `${frame.offsetHeight + by}px`
  if (above) log.scrollTop += by
}

function passOn(event: KeyboardEvent): void {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event
  if (ctrlKey || metaKey || altKey || key === 'Tab' || key === 'Enter' || key === ' ') return
  window.dispatchEvent(new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true }))
}
