import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../../../../src/wire/message.ts'
import { root } from '../../data/api.ts'
import { nameOrAddress } from '../../data/letter.ts'
import { PicturesBar } from './pictures-bar.tsx'
import { useSenderPictures } from './use-sender-pictures.ts'

/** A mail's HTML on its own white sheet. It may run nothing: a sandbox without scripts, and the server's own rules for the page. */
export function LetterFrame({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [once, setOnce] = useState(false)
  const { said, say } = useSenderPictures(message)
  // Of the sheet before: while the next one loads, nothing moves under the reader's eyes.
  const [height, setHeight] = useState<number>()
  const sheet = useSheet()
  const keepHeight = () => setHeight(sheet.height())
  const show = () => {
    keepHeight()
    setOnce(true)
  }
  const sayAlways = (always: boolean) => {
    keepHeight()
    setOnce(false)
    void say(always)
  }
  const address = `${root}/messages/${message.id}/html${once ? '?pictures=1' : ''}`
  return (
    <div className="flex flex-col gap-2">
      <PicturesBar
        count={sheet.pictures.count}
        standing={sheet.pictures.standing}
        shown={once || sheet.pictures.standing === 'always'}
        onShow={show}
        onAlways={sayAlways}
      />
      <iframe
        // A frame that goes to another address would leave a step in the browser's history.
        key={`${address} ${said}`}
        src={address}
        title={t('letter.frame', { name: message.letter ? nameOrAddress(message.letter.from) : message.sender.name })}
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

interface Pictures {
  /** That lie elsewhere, blocked or not. */
  count: number
  standing: 'always' | 'offered' | null
}

const tallest = 30_000
// A sheet that asks for a share of its window would grow with it for ever.
const mostSteps = 40

/** As high as what is in it, so that only the conversation scrolls. */
function useSheet() {
  const [pictures, setPictures] = useState<Pictures>({ count: 0, standing: null })
  const stop = useRef<() => void>(undefined)
  const shown = useRef<HTMLIFrameElement>(undefined)
  useEffect(() => () => stop.current?.(), [])

  function watch(frame: HTMLIFrameElement): void {
    stop.current?.()
    shown.current = frame
    const page = frame.contentDocument
    if (!page?.body) return
    const said = page.documentElement.dataset['pictures']
    setPictures({
      count: page.querySelectorAll('[data-remote]').length,
      standing: said === 'always' || said === 'offered' ? said : null,
    })
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
  return { pictures, watch, height: () => shown.current?.offsetHeight }
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
