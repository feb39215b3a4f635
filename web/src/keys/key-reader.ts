/** "j", "Enter", "?", "g m" (one after the other) -> what to do. */
export type KeyMap = Readonly<Record<string, (() => void) | undefined>>

interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  target?: unknown
}

/** The one first key of all sequences, so that every reader on the page knows that a second is coming. */
const prefix = 'g'
const sequenceMs = 1_200

/** Forgets a first key that nothing followed in time. */
export function createKeyReader(now: () => number = () => Date.now()) {
  let first = ''
  let at = 0
  return {
    read(event: Pressed, keys: KeyMap): (() => void) | undefined {
      if (event.ctrlKey || event.metaKey || event.altKey) return undefined
      const waiting = first && now() - at < sequenceMs ? first : ''
      first = ''
      if (waiting) {
        const sequence = keys[`${waiting} ${event.key}`]
        if (sequence) return sequence
      }
      if (!waiting && event.key === prefix) {
        first = prefix
        at = now()
        return undefined
      }
      // The second key of another reader's sequence ("g u") must not act on its own here.
      return waiting ? undefined : keys[event.key]
    },
  }
}
