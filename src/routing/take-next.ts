import type { Lane, Waiting } from '../domain/queue.ts'
import { waitBefore } from '../domain/queue-candidates.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import { headsOfOwn } from '../store/queue-facts.ts'
import { writeGiven } from '../store/queue-give.ts'
import { type Head, headsOf, lanesOf, queueTeams } from '../store/queue-lanes.ts'
import { lockQueues } from '../store/queue-lock.ts'
import { takerById } from '../store/queue-takers.ts'

export interface NextWish {
  readonly agentId: string
  /** Only of this team; it must be one of theirs. */
  readonly teamId?: string | undefined
  readonly now: Date
}

// More than one, should somebody be just changing the first.
const looked = 5

/** The first that waits for this person, in the order of the queues; however much they have, since they ask. null: nothing. */
export function takeNext(db: Database, wish: NextWish): Promise<string | null> {
  return transaction(db, async (tx) => {
    await lockQueues(tx)
    const first = await firstFor(tx, wish)
    for (const { id, toTeamId } of first) {
      const given = [{ conversationId: id, agentId: wish.agentId, toTeamId, why: { code: 'pulled' as const } }]
      const [taken] = await writeGiven(tx, given, { actor: `agent:${wish.agentId}`, now: wish.now })
      if (taken !== undefined) return taken
    }
    return null
  })
}

type Offered = Pick<Waiting, 'id' | 'rank'> & { readonly toTeamId: string | null }

async function firstFor(tx: Queryable, { agentId, teamId, now }: NextWish): Promise<Offered[]> {
  const taker = await takerById(tx, agentId)
  if (!taker) return []
  const teams = await queueTeams(tx)
  const sources = [...teams.values()].filter(
    ({ id, overflowTeamId }) =>
      (teamId === undefined || teamId === id) &&
      (taker.turns.has(id) || (overflowTeamId !== null && taker.turns.has(overflowTeamId))),
  )
  const lanes = await lanesOf(
    tx,
    sources.map(({ id }) => id),
  )
  const wanted = lanes.flatMap((lane) => {
    const team = teams.get(lane.teamId)
    const waitedMs = team ? waitBefore(taker, lane, team) : null
    return waitedMs === null ? [] : [{ lane, waitedMs }]
  })
  const heads = await headsOf(tx, wanted, { now, perLane: looked })
  const own = teamId === undefined ? await headsOfOwn(tx, { agentIds: [agentId], now, limit: looked }) : []
  const offer = ({ id, rank }: Head, lane: Lane | undefined): Offered => {
    const far = lane?.teamId != null && !taker.turns.has(lane.teamId)
    return { id, rank, toTeamId: far ? (teams.get(lane?.teamId ?? '')?.overflowTeamId ?? null) : null }
  }
  const offered = [
    ...heads.map((head) => offer(head, wanted[head.lane]?.lane)),
    ...own.map((head) => offer(head, undefined)),
  ]
  return [...new Map(offered.map((one) => [one.id, one])).values()].sort((a, b) => a.rank - b.rank).slice(0, looked)
}
