import { type Candidate, candidatesFor, marginalWeight, mayOpen, pick } from './queue-candidates.ts'
import type { WhyAssigned } from './why-assigned.ts'

/** Somebody who takes work now. */
export interface Taker {
  readonly id: string
  /** Points. */
  readonly capacity: number
  /** Points, and whose conversations they come from: what several of one person weigh counts once. */
  load: number
  readonly held: Map<string, number>
  /** Their teams, each with when they were last given something in it; higher is later. */
  readonly turns: Map<string, number>
  readonly tiers: readonly number[]
  /** Levels 1 to 3; empty: whatever comes. */
  readonly languages: Readonly<Record<string, number>>
  readonly topics: Readonly<Record<string, number>>
  /** Inboxes they may open apart from those of their teams. */
  readonly inboxIds: readonly string[]
  readonly opensAll: boolean
}

export interface QueueTeam {
  readonly id: string
  readonly strategy: 'balanced' | 'roundRobin' | 'manual'
  /** null: never. */
  readonly skillWaitMs: number | null
  readonly overflowWaitMs: number | null
  readonly overflowTeamId: string | null
}

/** What all conversations of one part of a queue ask for. */
export interface Lane {
  /** null: only of somebody's own customers. */
  readonly teamId: string | null
  readonly tier: number
  readonly inboxId: string
  readonly inboxTeamId: string | null
  readonly language: string | null
  readonly topicId: string | null
  /** Points. */
  readonly weight: number
}

export interface Waiting {
  readonly id: string
  readonly lane: Lane
  /** The smaller, the earlier; ties by id. */
  readonly rank: number
  readonly waitedMs: number
  readonly contactId: string | null
  /** The owner first, then who stands in. */
  readonly owners: readonly string[]
  /** Who has another unfinished conversation of the same person. */
  readonly holders: readonly string[]
  /** Who had it, or the person's last one. */
  readonly last: string | null
  /** Gave it up to a higher level. */
  readonly notAgain: string | null
  /** Behind it in its lane there may be more that were not read. */
  readonly isLastRead: boolean
}

export interface Given {
  readonly conversationId: string
  readonly agentId: string
  /** Where it waited too long for its own. */
  readonly toTeamId: string | null
  readonly why: WhyAssigned
}

/**
 * Gives waiting conversations to takers, in order of rank, none beyond anybody's capacity. Changes the takers as it gives.
 * `more`: it stopped where it would have overtaken what was not read; read again.
 */
export function giveOut(
  waiting: readonly Waiting[],
  takers: readonly Taker[],
  ground: { readonly teams: ReadonlyMap<string, QueueTeam>; readonly nextTurn: () => number },
): { given: Given[]; more: boolean } {
  const given: Given[] = []
  const ordered = [...waiting].sort((a, b) => a.rank - b.rank || (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  for (const one of ordered) {
    const choice = choose(one, takers, ground.teams)
    if (!choice) continue
    const { taker, toTeamId, why } = choice
    take(taker, one, toTeamId ?? one.lane.teamId, ground.nextTurn())
    given.push({ conversationId: one.id, agentId: taker.id, toTeamId, why })
    if (one.isLastRead) return { given, more: true }
  }
  return { given, more: false }
}

interface Choice {
  readonly taker: Taker
  readonly toTeamId: string | null
  readonly why: WhyAssigned
}

function choose(one: Waiting, takers: readonly Taker[], teams: ReadonlyMap<string, QueueTeam>): Choice | null {
  const personal = ofTheirOwn(one, takers)
  if (personal) return personal
  const team = one.lane.teamId === null ? undefined : teams.get(one.lane.teamId)
  if (!team || team.strategy === 'manual') return null
  const candidates = candidatesFor(one, takers, team)
  const last = candidates.find(({ taker }) => taker.id === one.last)
  const chosen = last ?? pick(candidates, one, team.strategy)
  if (!chosen) return null
  const { taker, toTeamId } = chosen
  const overflow = toTeamId === null ? {} : { overflowFrom: team.id }
  if (last) return { taker, toTeamId, why: { code: 'sticky', ...overflow } }
  const load = taker.load + marginalWeight(taker, one)
  return {
    taker,
    toTeamId,
    why: { code: team.strategy, load, capacity: taker.capacity, ...skillsOf(chosen, one), ...overflow },
  }
}

/** Who deals with the same person already goes before whose customer they are: one matter, one mouth. */
function ofTheirOwn(one: Waiting, takers: readonly Taker[]): Choice | null {
  const free = (id: string) => takers.find((taker) => taker.id === id && mayTake(taker, one))
  for (const id of one.holders) {
    const taker = free(id)
    if (taker) return { taker, toTeamId: null, why: { code: 'linked' } }
  }
  for (const [rank, id] of one.owners.entries()) {
    const taker = free(id)
    const [ownerId = ''] = one.owners
    if (taker) return { taker, toTeamId: null, why: rank === 0 ? { code: 'owner' } : { code: 'deputy', ownerId } }
  }
  return null
}

function mayTake(taker: Taker, one: Waiting): boolean {
  if (taker.id === one.notAgain) return false
  return taker.load + marginalWeight(taker, one) <= taker.capacity && mayOpen(taker, one.lane)
}

/** Of who takes whatever comes nothing is said. */
function skillsOf({ taker, speaks, knows }: Candidate, { lane: { language, topicId } }: Waiting) {
  const { languages, topics } = taker
  return {
    ...(language !== null && language in languages && { language }),
    ...(language !== null && !speaks && { withoutLanguage: language }),
    ...(topicId !== null && topicId in topics && { topicId }),
    ...(topicId !== null && !knows && { withoutTopic: topicId }),
  }
}

function take(taker: Taker, one: Waiting, teamId: string | null, turn: number): void {
  taker.load += marginalWeight(taker, one)
  if (one.contactId !== null) {
    taker.held.set(one.contactId, Math.max(one.lane.weight, taker.held.get(one.contactId) ?? 0))
  }
  if (teamId !== null && taker.turns.has(teamId)) taker.turns.set(teamId, turn)
}
