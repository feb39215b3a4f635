import type { Api } from './api.ts'
import type { Session } from './session.ts'
import { compareIds, type Store } from './state.ts'

const pause = 2_000

export interface Reader {
  /** The visitor looks at the newest words. */
  look(): void
  readonly readUpTo: string | null
  reset(): void
}

/** Tells the server what was seen, at most every two seconds, until it has taken note of all of it. */
export function createReader(api: Api, session: Session, store: Store): Reader {
  let seen: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0

  async function tell(): Promise<void> {
    timer = undefined
    last = Date.now()
    const token = session.token()
    if (!token || !seen) return
    const wanted = seen
    const answer = await api.read(token, wanted).catch(() => null)
    if (!answer || seen !== wanted) plan()
  }

  function plan(): void {
    timer ??= setTimeout(tell, Math.max(0, last + pause - Date.now()))
  }

  return {
    get readUpTo() {
      return seen
    },
    look() {
      const newest = store.get().messages.findLast((message) => message.from === 'support')
      if (!newest || (seen && compareIds(newest.id, seen) <= 0)) return
      seen = newest.id
      if (!newest.read) plan()
    },
    reset() {
      seen = null
      clearTimeout(timer)
      timer = undefined
    },
  }
}
