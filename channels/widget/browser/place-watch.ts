import type { Api } from './api.ts'
import type { Session } from './session.ts'
import type { Store } from './state.ts'

/** ms. Who waits wants to know; everybody else is asked about now and then, for what a lost hint did not tell. */
const whileWaiting = 10_000
const otherwise = 60_000

/** Asks where the visitor stands in the queue. Nothing of it is kept here: whoever comes back asks again. */
export function createPlaceWatch(api: Api, session: Session, store: Store) {
  let askedAt = 0
  let openAt = 0
  /** Whether anybody is there may change while the page is open. */
  async function lookForPeople(): Promise<void> {
    openAt = Date.now()
    const availability = await api.availability(session.token(), location.pathname).catch(() => null)
    if (availability) store.set({ availability })
  }
  async function look(): Promise<void> {
    const token = session.token()
    const who = session.visitor()
    const { open, messages } = store.get()
    if (!open || !token || !messages.some(({ from }) => from === 'visitor')) return
    askedAt = Date.now()
    const place = await api.place(token).catch(() => null)
    if (place && who === session.visitor()) store.set({ place })
  }
  return {
    look: () => void look(),
    arrive(): void {
      void look()
      void lookForPeople()
    },
    /** Every few seconds. */
    tick(): void {
      const { place, messages, online, open } = store.get()
      if (open && online && Date.now() - openAt >= otherwise) void lookForPeople()
      const waits = place?.place != null || messages.at(-1)?.from === 'visitor'
      if (online && Date.now() - askedAt >= (waits ? whileWaiting : otherwise)) void look()
    },
    reset: () => store.set({ place: null }),
  }
}
