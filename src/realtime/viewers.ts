import type { Person } from '../store/ephemeral.ts'

/** An entry not repeated for so long belongs to a process that is gone. */
const FORGET_MS = 70_000

/** Who has which conversation on the screen, in the whole installation, as far as this process heard. */
export interface Viewers {
  saw(conversationId: string, socket: string, agent: Person | null): void
  of(conversationId: string, except: string | null): Person[]
}

export function createViewers(nowMs: () => number = () => performance.now()): Viewers {
  const rooms = new Map<string, Map<string, { readonly agent: Person; readonly at: number }>>()
  const sweep = (conversationId: string) => {
    const room = rooms.get(conversationId)
    for (const [socket, { at }] of room ?? []) if (nowMs() - at > FORGET_MS) room?.delete(socket)
    if (room?.size === 0) rooms.delete(conversationId)
    return room
  }
  return {
    saw(conversationId, socket, agent) {
      const room = rooms.get(conversationId) ?? new Map()
      rooms.set(conversationId, room)
      if (agent === null) room.delete(socket)
      else room.set(socket, { agent, at: nowMs() })
      sweep(conversationId)
    },
    of(conversationId, except) {
      const people = [...(sweep(conversationId)?.values() ?? [])].map(({ agent }) => agent)
      const others = new Map(people.filter(({ id }) => id !== except).map((person) => [person.id, person]))
      return [...others.values()]
    },
  }
}
