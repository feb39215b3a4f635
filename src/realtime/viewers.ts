import type { Person, Place, Viewing } from '../store/ephemeral.ts'

/** What is not said again within this time is over: the process that said it may be gone. */
const FORGET_MS = 25_000

/** Who has which conversation on the screen, in the whole installation, as far as this process heard. */
export interface Viewers {
  /** Whether anything changed by it. */
  saw(signal: Viewing & Pick<Place, 'conversationId'>): boolean
  /** Several pages of one person count once. */
  of(conversationId: string, except: string | null): Person[]
  /** The conversations that somebody left without a word. */
  expire(): string[]
}

interface Look {
  /** null: looks at none; kept for a while, so that an older word does not bring it back. */
  readonly conversationId: string | null
  readonly agent: Person
  readonly n: number
  readonly at: number
}

export function createViewers(forgetMs = FORGET_MS, nowMs: () => number = () => performance.now()): Viewers {
  const looks = new Map<string, Look>()
  return {
    saw({ socket, n, on, agent, conversationId }) {
      const known = looks.get(socket)
      if (known !== undefined && n <= known.n) return false
      const now = on ? conversationId : null
      looks.set(socket, { conversationId: now, agent, n, at: nowMs() })
      return known?.conversationId !== now || known.agent.name !== agent.name
    },
    of(conversationId, except) {
      const people = new Map<string, Person>()
      for (const look of looks.values()) {
        const fresh = nowMs() - look.at <= forgetMs
        if (fresh && look.conversationId === conversationId && look.agent.id !== except) {
          people.set(look.agent.id, look.agent)
        }
      }
      return [...people.values()].sort((a, b) => a.name.localeCompare(b.name) || Number(a.id) - Number(b.id))
    },
    expire() {
      const over = [...looks].filter(([, { at }]) => nowMs() - at > forgetMs)
      for (const [socket] of over) looks.delete(socket)
      return [...new Set(over.flatMap(([, { conversationId }]) => conversationId ?? []))]
    },
  }
}
