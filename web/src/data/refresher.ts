/** What hints have asked for since the last look. */
export interface Wanted {
  /** Everything on screen, whatever the hints said. */
  all: boolean
  /** Conversation id -> the version announced. */
  conversations: ReadonlyMap<string, number>
  other: ReadonlySet<string>
}

export interface Refresher {
  want(change: {
    all?: boolean
    conversations?: readonly { conversation: string; version: number }[]
    other?: readonly string[]
  }): void
  stop(): void
}

/**
 * One look in flight per browser; hints that arrive meanwhile are merged into the next. The first is taken at once, those of a burst
 * at most every `gap` ms.
 */
export function createRefresher(look: (wanted: Wanted) => Promise<void>, gap = 250): Refresher {
  let all = false
  let conversations = new Map<string, number>()
  let other = new Set<string>()
  let busy = false
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(): Promise<void> {
    if (busy || stopped || (!all && conversations.size === 0 && other.size === 0)) return
    busy = true
    const wanted: Wanted = { all, conversations, other }
    all = false
    conversations = new Map()
    other = new Set()
    try {
      await look(wanted)
    } catch {
      // Asked again by the next hint, or by the fresh start after the socket comes back.
    }
    timer = setTimeout(() => {
      busy = false
      void run()
    }, gap)
  }

  return {
    want(change) {
      all ||= change.all ?? false
      for (const hint of change.conversations ?? []) {
        conversations.set(hint.conversation, Math.max(hint.version, conversations.get(hint.conversation) ?? 0))
      }
      for (const name of change.other ?? []) other.add(name)
      void run()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
