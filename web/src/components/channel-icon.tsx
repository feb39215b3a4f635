import { useEffect, useRef } from 'react'
import { useChannelName } from '../data/channel-words.ts'
import { useChannels } from '../data/directory.ts'

/** Told by shape, named on hover; the drawing comes from the channel itself. */
export function ChannelIcon({ channel, className = 'size-4' }: { channel: string; className?: string }) {
  const found = useChannels().find((one) => one.id === channel)
  const name = useChannelName()(channel)
  const holder = useRef<HTMLSpanElement>(null)
  const icon = found?.icon
  useEffect(() => {
    // Parsed as an image's own document, so nothing in it is ever run as part of this page.
    const drawing = icon ? new DOMParser().parseFromString(icon, 'image/svg+xml').documentElement : null
    if (drawing?.nodeName !== 'svg') return
    for (const unsafe of drawing.querySelectorAll('script, foreignObject')) unsafe.remove()
    drawing.setAttribute('width', '100%')
    drawing.setAttribute('height', '100%')
    holder.current?.replaceChildren(document.importNode(drawing, true))
  }, [icon])
  return (
    <span role="img" aria-label={name} title={name} className={`inline-flex ${className}`}>
      <span ref={holder} className="contents" />
    </span>
  )
}
