import { giveOut, type Lane, type QueueTeam, type Taker, type Waiting } from '../domain/queue.ts'
import { waitBefore } from '../domain/queue-candidates.ts'
import { type Queryable, together } from '../store/database.ts'
import { headsAmong, headsOfContacts, headsOfOwn, type OwnHead, personalFacts } from '../store/queue-facts.ts'
import { writeGiven } from '../store/queue-give.ts'
import { type Head, headsOf, lanesOf, queueTeams, type WantedLane } from '../store/queue-lanes.ts'
import { lockQueues } from '../store/queue-lock.ts'
import { takersNow } from '../store/queue-takers.ts'

export interface Round {
  readonly given: readonly string[]
  /** There may be more to give: come again. */
  readonly more: boolean
}

const nothing: Round = { given: [], more: false }

/**
 * One round: what waits goes to whoever takes work now, oldest first. In a transaction; it takes the queues' lock. `routed`: what
 * T2 has just routed; only of these it is asked then whether somebody who is full deals with the same person.
 */
export async function assignWaiting(tx: Queryable, now: Date, routed?: readonly string[]): Promise<Round> {
  // Begun with the lock, run under it: PostgreSQL looks afresh for each statement.
  const [, teams, takers] = await together([lockQueues(tx), queueTeams(tx), takersNow(tx, now)])
  if (takers.length === 0) return nothing
  const waiting = await readWaiting(tx, { teams, takers, now, routed })
  if (waiting.length === 0) return nothing
  const { given, more } = giveOut(waiting, takers, { teams, nextTurn: turnsFrom(now) })
  const written = await writeGiven(tx, given, { actor: 'router', now })
  return { given: written, more: written.length > 0 && (more || written.length < given.length) }
}

interface Ground {
  readonly teams: ReadonlyMap<string, QueueTeam>
  readonly takers: readonly Taker[]
  readonly now: Date
  readonly routed: readonly string[] | undefined
}

const fewest = 8
const most = 200

async function readWaiting(tx: Queryable, ground: Ground): Promise<Waiting[]> {
  const free = ground.takers.filter(({ load, capacity }) => load < capacity)
  const [linked, others] = await together([
    linkedHeads(tx, ground),
    free.length > 0 ? readFor(tx, { ...ground, takers: free }) : [],
  ])
  const seen = new Set(others.map(({ head }) => head.id))
  return withFacts(tx, [...others, ...linked.filter(({ id }) => !seen.has(id)).map(aside)])
}

/** Who is full may still take another one of a person they deal with already: together they weigh as the heaviest. */
function linkedHeads(tx: Queryable, { takers, now, routed }: Ground): Promise<OwnHead[]> {
  if (routed) return headsAmong(tx, routed, now)
  return headsOfContacts(tx, { contactIds: takers.flatMap(({ held }) => [...held.keys()]), now, limit: most })
}

const aside = (head: OwnHead): ReadHead => ({ head, lane: head.of, isLast: false })

/** `takers`: with room. */
async function readFor(tx: Queryable, ground: Ground): Promise<ReadHead[]> {
  const { teams, takers, now } = ground
  const lanes = await lanesOf(tx, sourcesOf(teams, takers))
  const wanted = lanes.flatMap((lane) => wantedOf(lane, ground) ?? [])
  const room = takers.reduce((sum, { load, capacity }) => sum + capacity - load, 0)
  const perLane = Math.min(most, Math.max(fewest, Math.ceil((room * 2) / Math.max(1, wanted.length))))
  const [heads, own] = await together([
    headsOf(tx, wanted, { now, perLane }),
    headsOfOwn(tx, { agentIds: takers.map(({ id }) => id), now, limit: most }),
  ])
  const counts = heads.reduce((sums, { lane }) => sums.set(lane, (sums.get(lane) ?? 0) + 1), new Map<number, number>())
  const ofLanes = heads.flatMap((head, index) => {
    const { lane } = wanted[head.lane] ?? {}
    const isLast = heads[index + 1]?.lane !== head.lane && counts.get(head.lane) === perLane
    return lane ? [{ head, lane, isLast }] : []
  })
  const seen = new Set(heads.map(({ id }) => id))
  return [...ofLanes, ...own.filter(({ id }) => !seen.has(id)).map(aside)]
}

interface ReadHead {
  readonly head: Head
  readonly lane: Lane
  readonly isLast: boolean
}

async function withFacts(tx: Queryable, read: readonly ReadHead[]): Promise<Waiting[]> {
  if (read.length === 0) return []
  const facts = await personalFacts(
    tx,
    read.map(({ head }) => head.id),
  )
  const none = { contactId: null, owners: [], holders: [], last: null, notAgain: null }
  return read.map(({ head: { id, rank, waitedMs }, lane, isLast }) => {
    return { ...(facts.get(id) ?? none), id, rank, waitedMs, lane, isLastRead: isLast }
  })
}

/** Teams whose queue these people may be given something of. */
function sourcesOf(teams: ReadonlyMap<string, QueueTeam>, takers: readonly Taker[]): string[] {
  const theirs = new Set(takers.flatMap(({ turns }) => [...turns.keys()]))
  return [...teams.values()]
    .filter(({ strategy }) => strategy !== 'manual')
    .filter(({ id, overflowTeamId }) => theirs.has(id) || (overflowTeamId !== null && theirs.has(overflowTeamId)))
    .map(({ id }) => id)
}

/** null: nobody with room may take anything of it. Else how long something must have waited there until somebody may. */
function wantedOf(lane: Lane & { teamId: string }, { teams, takers }: Ground): WantedLane | null {
  const team = teams.get(lane.teamId)
  const waits = takers
    .filter(({ load, capacity }) => capacity - load >= lane.weight)
    .map((taker) => (team ? waitBefore(taker, lane, team) : null))
    .filter((wait) => wait !== null)
  return waits.length === 0 ? null : { lane, waitedMs: Math.min(...waits) }
}

function turnsFrom(now: Date): () => number {
  let turn = now.getTime() * 1_000
  return () => ++turn
}
