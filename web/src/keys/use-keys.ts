import { useEffect, useRef } from 'react'
import { usePreferences } from '../data/services.ts'
import { createKeyReader, type KeyMap } from './key-reader.ts'

/** Single keys, off while typing and wherever a dialog or menu is open; can be switched off altogether. */
export function useKeys(keys: KeyMap): void {
  const [{ singleKeys }] = usePreferences()
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!singleKeys) return
    const reader = createKeyReader()
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event) || document.querySelector('[role="dialog"], [role="menu"]')) return
      const run = reader.read(event, latest.current)
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [singleKeys])
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  if (event.isComposing || !(target instanceof HTMLElement)) return event.isComposing
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
