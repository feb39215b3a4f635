import type { QueryClient } from '@tanstack/react-query'
import type { Agent, Availability } from '../../../src/wire/agent.ts'
import type { ServerFrame } from '../../../src/wire/live.ts'
import { useAgents } from './directory.ts'
import { useDesk } from './services.ts'

/** Keeps what is shown of colleagues as the server tells it. `askAgain`: the list of them may be out of date. */
export function takePresence(cache: QueryClient, myId: string | null, frame: ServerFrame, askAgain: () => void): void {
  // Who came or went while there was no socket is not told again.
  if (frame.type === 'ready' && !frame.resync) askAgain()
  if (frame.type !== 'presence') return
  const { agentId, availability } = frame
  cache.setQueryData<Agent[]>(['agents'], (old) =>
    old?.map((agent) => (agent.id === agentId ? { ...agent, presence: availability } : agent)),
  )
  // An answer on its way may have been read before, and would undo it.
  if (cache.isFetching({ queryKey: ['agents'] }) > 0) askAgain()
  // What I said may have been said in another window.
  if (agentId === myId) void cache.invalidateQueries({ queryKey: ['me'] })
}

/** What colleagues see of me. */
export function useMyPresence(): Availability {
  const { agent } = useDesk().me
  const agents = useAgents()
  if (!agent) return 'offline'
  if (agent.availability !== 'online') return agent.availability
  return agents.find((one) => one.id === agent.id)?.presence ?? agent.presence
}

const order: Record<Availability, number> = { online: 0, away: 1, offline: 2 }

/** Who is there first; each group as it was. */
export function presentFirst(agents: readonly Agent[]): Agent[] {
  return [...agents].sort((a, b) => order[a.presence] - order[b.presence])
}
