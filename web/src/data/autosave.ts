import { useEffect, useRef, useState } from 'react'

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed'

/** ms after the last change. */
const quiet = 1_000

export interface Autosave {
  readonly state: SaveState
  readonly error: unknown
  changed(): void
  /** What is not saved yet, now. Rejects with why it could not be. */
  flush(): Promise<void>
}

/** One save at a time; what changes meanwhile is saved after it. A failed one waits for the next change, or to be asked. */
export function useAutosave(save: () => Promise<unknown>): Autosave {
  const [state, setState] = useState<SaveState>('saved')
  const [error, setError] = useState<unknown>(null)
  const latest = useRef(save)
  latest.current = save
  const work = useRef({
    dirty: false,
    timer: undefined as ReturnType<typeof setTimeout> | undefined,
    running: Promise.resolve(),
  })

  async function run(): Promise<void> {
    clearTimeout(work.current.timer)
    if (!work.current.dirty) return
    work.current.dirty = false
    setState('saving')
    try {
      await latest.current()
      setError(null)
      setState(work.current.dirty ? 'waiting' : 'saved')
    } catch (problem) {
      work.current.dirty = true
      setError(problem)
      setState('failed')
      throw problem
    }
  }
  const flush = () => {
    work.current.running = work.current.running.catch(() => undefined).then(run)
    return work.current.running
  }
  const flushed = useRef(flush)
  flushed.current = flush
  useEffect(() => {
    const { current } = work
    const warn = (event: BeforeUnloadEvent) => current.dirty && event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
      clearTimeout(current.timer)
      void flushed.current().catch(() => undefined)
    }
  }, [])
  return {
    state,
    error,
    flush,
    changed() {
      work.current.dirty = true
      setState('waiting')
      clearTimeout(work.current.timer)
      work.current.timer = setTimeout(() => void flush().catch(() => undefined), quiet)
    },
  }
}
