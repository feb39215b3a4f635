/** What this process may send at once, inbox by inbox. The waits themselves stand in the database; this only keeps it from asking. */
export interface Budget {
  allowances(): Map<string, number>
  pausedPlaces(): { inboxId: string; place: string }[]
  started(inboxId: string): void
  /** True: it was the inbox's last free place, so more of it may have waited. */
  ended(inboxId: string): boolean
  succeeded(inboxId: string): void
  limited(where: { inboxId: string; place: string }, scope: 'thread' | 'inbox', afterMs: number): void
}

interface Use {
  running: number
  /** How many at once; halved when the platform says "too many", one more after each such number of successes. */
  width: number
  successes: number
}

export function createBudget(perInbox: number, now: () => number = performance.now.bind(performance)): Budget {
  const uses = new Map<string, Use>()
  const places = new Map<string, { inboxId: string; place: string; until: number }>()
  const use = (inboxId: string): Use => {
    const known = uses.get(inboxId) ?? { running: 0, width: perInbox, successes: 0 }
    uses.set(inboxId, known)
    return known
  }
  return {
    allowances: () =>
      new Map([...uses].map(([inboxId, { running, width }]) => [inboxId, Math.max(0, width - running)])),
    pausedPlaces() {
      for (const [key, { until }] of places) if (until <= now()) places.delete(key)
      return [...places.values()].map(({ inboxId, place }) => ({ inboxId, place }))
    },
    started(inboxId) {
      use(inboxId).running += 1
    },
    ended(inboxId) {
      const { running, width } = use(inboxId)
      const wasFull = running >= width
      if (running <= 1 && width === perInbox) uses.delete(inboxId)
      else use(inboxId).running = running - 1
      return wasFull
    },
    succeeded(inboxId) {
      const current = use(inboxId)
      current.successes += 1
      if (current.width >= perInbox || current.successes < current.width) return
      current.width += 1
      current.successes = 0
    },
    limited({ inboxId, place }, scope, afterMs) {
      // A limit counts by place: other threads of the same chat would only be refused as well.
      if (scope === 'thread') places.set(`${inboxId} ${place}`, { inboxId, place, until: now() + afterMs })
      const current = use(inboxId)
      if (scope === 'inbox') current.width = Math.max(1, Math.floor(current.width / 2))
      if (scope === 'inbox') current.successes = 0
    },
  }
}
