import type { KeyboardEvent } from 'react'

interface ComposerKeys {
  sendKey: 'enter' | 'modEnter'
  send: (andResolve: boolean) => void
  leave: () => void
  /** True: it was the key of a format. */
  format: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean
}

/** Enter that ends a word in an input method (Chinese, Japanese, Korean) must never send. */
export function useComposerKeys({ sendKey, send, leave, format }: ComposerKeys) {
  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') return leave()
    if (format(event)) return
    if (event.key !== 'Enter') return
    const mod = event.ctrlKey || event.metaKey
    if (mod || (sendKey === 'enter' && !event.shiftKey && !event.altKey)) {
      event.preventDefault()
      send(mod && event.shiftKey)
    }
  }
}
