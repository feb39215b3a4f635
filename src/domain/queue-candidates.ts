import type { Lane, QueueTeam, Taker, Waiting } from './queue.ts'

export interface Candidate {
  readonly taker: Taker
  /** null: of the team it waits in. */
  readonly toTeamId: string | null
  readonly speaks: boolean
  readonly knows: boolean
}

/** What a conversation adds to somebody's work: all of one person's count as the heaviest of them. */
export function marginalWeight(taker: Taker, { contactId, lane }: Waiting): number {
  const held = contactId === null ? 0 : (taker.held.get(contactId) ?? 0)
  return Math.max(0, lane.weight - held)
}

/** Nobody is given what they could not open. */
export function mayOpen(taker: Taker, { inboxId, inboxTeamId }: Lane): boolean {
  return taker.opensAll || taker.inboxIds.includes(inboxId) || (inboxTeamId !== null && taker.turns.has(inboxTeamId))
}

/**
 * After how long a conversation of this lane may be given to this person, in ms; null: never. Skills and team are waited for
 * side by side, so who lacks both may take it when the longer wait is over.
 */
export function waitBefore(taker: Taker, lane: Lane, team: QueueTeam): number | null {
  if (!mayOpen(taker, lane) || !taker.tiers.includes(lane.tier)) return null
  const skills = speaks(taker, lane) && knows(taker, lane) ? 0 : team.skillWaitMs
  const near = taker.turns.has(team.id)
  const far = team.overflowTeamId !== null && taker.turns.has(team.overflowTeamId)
  const belongs = near ? 0 : far ? team.overflowWaitMs : null
  return skills === null || belongs === null ? null : Math.max(skills, belongs)
}

/** Those who may take it and have room: of the first sort of which there is anybody. */
export function candidatesFor(one: Waiting, takers: readonly Taker[], team: QueueTeam): Candidate[] {
  const sorts: Candidate[][] = [[], [], [], []]
  for (const taker of takers) {
    if (taker.id === one.notAgain || taker.load + marginalWeight(taker, one) > taker.capacity) continue
    const wait = waitBefore(taker, one.lane, team)
    // A platform's clock that is ahead of ours makes nobody wait.
    if (wait === null || Math.max(0, one.waitedMs) < wait) continue
    const candidate = {
      taker,
      toTeamId: taker.turns.has(team.id) ? null : team.overflowTeamId,
      speaks: speaks(taker, one.lane),
      knows: knows(taker, one.lane),
    }
    const skilled = candidate.speaks && candidate.knows
    sorts[(candidate.toTeamId === null ? 0 : 2) + (skilled ? 0 : 1)]?.push(candidate)
  }
  return sorts.find((sort) => sort.length > 0) ?? []
}

export function pick(
  candidates: readonly Candidate[],
  one: Waiting,
  strategy: 'balanced' | 'roundRobin',
): Candidate | null {
  const order = strategy === 'balanced' ? byRoom(one.lane) : byTurn(one.lane)
  return candidates.reduce<Candidate | null>(
    (best, next) => (best === null || order(next, best) < 0 ? next : best),
    null,
  )
}

/** The greatest share of free capacity; then who knows it best; then who was given something longest ago. */
function byRoom(lane: Lane) {
  return ({ taker: a }: Candidate, { taker: b }: Candidate): number =>
    a.load * b.capacity - b.load * a.capacity || skill(b, lane) - skill(a, lane) || latest(a) - latest(b) || older(a, b)
}

function byTurn(lane: Lane) {
  return (a: Candidate, b: Candidate): number => {
    const turn = ({ taker, toTeamId }: Candidate) => taker.turns.get(toTeamId ?? lane.teamId ?? '') ?? 0
    return turn(a) - turn(b) || older(a.taker, b.taker)
  }
}

const latest = (taker: Taker): number => Math.max(0, ...taker.turns.values())
const older = (a: Taker, b: Taker): number => (BigInt(a.id) < BigInt(b.id) ? -1 : 1)

function speaks({ languages }: Taker, { language }: Lane): boolean {
  return language === null || Object.keys(languages).length === 0 || languages[language] !== undefined
}

function knows({ topics }: Taker, { topicId }: Lane): boolean {
  return topicId === null || Object.keys(topics).length === 0 || topics[topicId] !== undefined
}

function skill({ languages, topics }: Taker, { language, topicId }: Lane): number {
  return (language === null ? 0 : (languages[language] ?? 0)) + (topicId === null ? 0 : (topics[topicId] ?? 0))
}
