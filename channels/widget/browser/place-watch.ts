import type { Api } from './api.ts'
import type { Session } from './session.ts'
import type { Store } from './state.ts'

/** ms. Who waits wants to know; everybody else is asked about now and then, for what a lost hint did not tell. */
const whileWaiting = 10_000
const otherwise = 60_000

/** Asks where the visitor stands in the queue. Nothing of it is kept here: whoever comes back asks again. */
export function createPlaceWatch(api: Api, session: Session, store: Store) {
  let askedAt = 0
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
    /** Every few seconds. */
    tick(): void {
      const { place, messages, online } = store.get()
      const waits = place?.place != null || messages.at(-1)?.from === 'visitor'
      if (online && Date.now() - askedAt >= (waits ? whileWaiting : otherwise)) void look()
    },
    reset: () => store.set({ place: null }),
  }
}
