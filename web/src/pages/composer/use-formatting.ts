import type { KeyboardEvent, RefObject } from 'react'
import type { Capabilities } from '../../../../src/wire/channel.ts'
import { type Change, type Format, formats, formatted } from '../../data/formatting.ts'

export interface Offered {
  format: Format
  /** The channel shows it in a way of its own. */
  partly: boolean
}

/** What can be written here: in a note everything, in a reply what its place shows. */
export function offeredFormats(capabilities: Capabilities | null, note: boolean): Offered[] {
  if (note) return formats.map((format) => ({ format, partly: false }))
  return formats.flatMap((format) => {
    const support = capabilities?.formats[format]
    return support === 'full' || support === 'partial' ? [{ format, partly: support === 'partial' }] : []
  })
}

/** With Ctrl or Cmd; `+` stands for Shift. By the place of the key where Shift changes what it says. */
export const formatKeys: Partial<Record<Format, string>> = {
  bold: 'B',
  italic: 'I',
  code: 'E',
  link: 'K',
  list: 'Shift+8',
  quote: 'Shift+9',
}

function formatOf(event: KeyboardEvent): Format | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined
  const pressed = event.shiftKey ? `Shift+${event.code.replace(/^Digit/, '')}` : event.key.toUpperCase()
  return formats.find((format) => formatKeys[format] === pressed)
}

export function useFormatting(box: RefObject<HTMLTextAreaElement | null>, offered: readonly Offered[]) {
  const apply = (format: Format) => {
    const area = box.current
    if (area) replace(area, formatted(area.value, area.selectionStart, area.selectionEnd, format))
  }
  /** True: it was one of ours. */
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const format = event.nativeEvent.isComposing ? undefined : formatOf(event)
    if (!offered.some((one) => one.format === format) || !format) return false
    event.preventDefault()
    apply(format)
    return true
  }
  return { apply, onKey }
}

/** As if it were typed, so that the browser can take it back. */
function replace(area: HTMLTextAreaElement, { start, end, insert, from, to }: Change): void {
  area.focus()
  area.setSelectionRange(start, end)
  if (!document.execCommand('insertText', false, insert)) {
    area.setRangeText(insert, start, end)
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  area.setSelectionRange(from, to)
}
