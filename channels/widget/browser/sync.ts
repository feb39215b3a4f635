import { type Api, ApiError } from './api.ts'
import type { Session } from './session.ts'
import { merged, type Store } from './state.ts'

export interface Sync {
  /** Fetches what lies after the last seen; `fresh`: the newest page again, for what was edited meanwhile. */
  pull(fresh?: boolean): Promise<void>
  older(): Promise<void>
  /** Another visitor now: nothing of the last one stays. */
  reset(): void
}

export function createSync(api: Api, session: Session, store: Store): Sync {
  let cursor: string | undefined
  let running: Promise<void> | undefined
  let wanted: { fresh: boolean } | undefined
  // Answers to questions asked before a reset belong to somebody else.
  let generation = 0

  async function fetchAll(fresh: boolean): Promise<void> {
    const token = session.token()
    if (!token) return
    const mine = generation
    const first = cursor === undefined
    if (fresh || first) {
      const page = await api.messages(token, {})
      if (mine !== generation) return
      const newest = page.items[0]?.id
      const joins = newest === undefined || store.get().messages.some((message) => message.id === newest)
      take(page.items, page.seenUpTo, first ? page.more : store.get().hasOlder)
      // A page that does not join what we have leaves a gap, which the cursor fills below.
      if (first || joins) cursor = page.cursor
    }
    for (let more = !first; more; ) {
      const page = await api.messages(token, { after: cursor ?? '' })
      if (mine !== generation) return
      take(page.items, page.seenUpTo, store.get().hasOlder)
      cursor = page.cursor
      more = page.more
    }
  }

  function take(items: Parameters<typeof merged>[1], seenUpTo: string | null, hasOlder: boolean): void {
    store.set({ messages: merged(store.get().messages, items), seenUpTo, hasOlder })
  }

  async function run(): Promise<void> {
    while (wanted) {
      const { fresh } = wanted
      wanted = undefined
      await fetchAll(fresh)
    }
  }

  async function runUntilDone(): Promise<void> {
    const token = session.token()
    try {
      await run()
    } catch (error) {
      wanted = undefined
      if (!(error instanceof ApiError)) throw error
      if (error.status === 401 && session.token() === token) session.drop()
    } finally {
      // At once: who asks after the last look and before this is known must not wait for the next.
      running = undefined
    }
  }

  return {
    pull(fresh = false) {
      wanted = { fresh: fresh || wanted?.fresh === true }
      running ??= runUntilDone()
      return running
    },
    async older() {
      const token = session.token()
      const first = store.get().messages[0]
      if (!token || !first || !store.get().hasOlder) return
      const mine = generation
      const page = await api.messages(token, { before: first.id })
      if (mine !== generation) return
      store.set({ messages: merged(store.get().messages, page.items), hasOlder: page.more })
    },
    reset() {
      generation += 1
      cursor = undefined
      store.set({ messages: [], seenUpTo: null, hasOlder: false, email: null })
    },
  }
}
