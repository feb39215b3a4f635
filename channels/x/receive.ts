import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Cursor, InboundBatch, InboundEvent, InboundSink } from '../../src/channel/contract.ts'
import { within } from '../../src/channel/deadline.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { Room, XApi } from './client.ts'
import { keepWebhook } from './hooks.ts'
import { dmQuery, type Listed, list, mentionQuery, type Query } from './pages.ts'
import { dmEventOf, type Me, postEventsOf } from './parse.ts'
import { type Includes, parseDm, parsePost } from './wire.ts'

export interface XTiming {
  /** Between two looks; absent: as the inbox is set up. */
  readonly pollMs?: number
  /** The same where X calls us: what its calls missed is found then. */
  readonly reconcileMs: number
}
export const usualTiming: XTiming = { reconcileMs: 15 * 60_000 }

const id = z.string().regex(/^\d{1,25}$/)
const cursorSchema = z.object({ dm: id.nullish(), mention: id.nullish(), hook: z.iso.datetime().nullish() }).catch({})
type Position = z.infer<typeof cursorSchema>

export interface Run {
  readonly x: XApi
  readonly me: Me
  readonly sink: InboundSink
  readonly signal: AbortSignal
  readonly position: () => Position
  commit(batch: Omit<InboundBatch, 'cursor'>, change: Position): Promise<void>
  /** What the administrator should know of one part; null: all is well with it. */
  warn(part: string, message: string | null): void
  wait(ms: number): Promise<void>
}

interface Line {
  readonly part: 'dm' | 'mention'
  readonly name: string
  readonly path: string
  readonly query: Query
  /** X gives 1,500 direct messages a window and 800 mentions at all. */
  readonly gap: string
  parse(raw: unknown, includes: Includes): readonly InboundEvent[] | null
  /** What X said last of the calls that are left. */
  room: Room | null
}

/** Asks X for what is newer than the cursor, in order; each kind by itself, so that the limit of one does not hold up the other. */
export async function receive(
  x: XApi,
  me: Me,
  since: Cursor | null,
  sink: InboundSink,
  { signal, timing }: { signal: AbortSignal; timing: XTiming },
): Promise<void> {
  const stop = new AbortController()
  const run = newRun(x, me, cursorSchema.parse(since ?? {}), sink, AbortSignal.any([signal, stop.signal]))
  const { settings } = x
  const hooked = settings.receive === 'webhook'
  const pollMs = timing.pollMs ?? settings.pollSeconds * 1_000
  // Until X calls, and whenever it does not, it is asked as if there were no webhook.
  let called = false
  const everyMs = () => (called ? timing.reconcileMs : pollMs)
  const lines = linesOf(x, me)
  const work = lines.map((line) => follow(run, line, everyMs, lines.length === 1))
  if (hooked) {
    const tell = (calls: boolean) => {
      called = calls
    }
    work.push(keepWebhook(run, timing.reconcileMs, tell))
  }
  try {
    await Promise.all(work)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    stop.abort()
    await Promise.allSettled(work)
  }
}

function newRun(x: XApi, me: Me, from: Position, sink: InboundSink, signal: AbortSignal): Run {
  let position = from
  let last: Promise<unknown> = Promise.resolve()
  x.warnings.tell(sink)
  return {
    x,
    me,
    sink,
    signal,
    position: () => position,
    // One batch at a time, whoever brings it.
    commit: (batch, change) => {
      const turn = last.then(async () => {
        const cursor = { ...position, ...change }
        await sink.commit({ ...batch, cursor })
        position = cursor
      })
      last = turn.catch(() => {})
      return turn
    },
    warn: x.warnings.set,
    wait: async (ms) => {
      for (const end = Date.now() + ms; Date.now() < end; sink.alive()) {
        await pause(Math.min(30_000, end - Date.now()), undefined, { signal })
      }
    },
  }
}

function linesOf({ settings }: XApi, me: Me): Line[] {
  const dm: Line = {
    part: 'dm',
    name: 'direct messages',
    path: 'dm_events',
    query: dmQuery,
    gap: 'X keeps direct messages for 30 days.',
    parse: (raw, includes) => {
      const read = parseDm(raw)
      return read ? [dmEventOf(read, includes, me, raw)] : null
    },
    room: null,
  }
  const mention: Line = {
    part: 'mention',
    name: 'mentions',
    path: `users/${me.id}/mentions`,
    query: mentionQuery,
    gap: 'X shows the newest 800 mentions.',
    parse: (raw, includes) => {
      const post = parsePost(raw)
      return post ? postEventsOf(post, includes, me, raw) : null
    },
    room: null,
  }
  return [...(settings.directMessages ? [dm] : []), ...(settings.mentions ? [mention] : [])]
}

const forbiddenMs = 15 * 60_000

async function follow(run: Run, line: Line, everyMs: () => number, only: boolean): Promise<void> {
  for (;;) {
    try {
      await catchUp(run, line)
      run.sink.alive()
      run.warn(line.part, null)
      await run.wait(everyMs())
    } catch (error) {
      // The plan may allow one kind and not the other: what it allows goes on.
      const forbidden = error instanceof ChannelError && error.failure.kind === 'rejected'
      if (!forbidden || only) throw error
      run.warn(line.part, `No ${line.name} come in. ${error.message}`)
      await run.wait(forbiddenMs)
    }
  }
}

interface Found {
  readonly id: string
  readonly events: readonly InboundEvent[] | null
  /** Known already, or from before the inbox began. */
  readonly old: boolean
}

/** Pages from the newest back to the cursor, then hands over from the oldest on. */
async function catchUp(run: Run, line: Line): Promise<void> {
  const after = run.position()[line.part] ?? null
  let found: Found[] = []
  // Each message is paid for once a day, seen or not: a short look first.
  let size = line.part === 'dm' && after !== null ? 10 : 100
  let token: string | undefined
  for (;;) {
    const since = line.part === 'mention' && after !== null ? after : undefined
    const more = { max_results: String(size), pagination_token: token, since_id: since }
    const { data, includes, meta } = await patiently(run, line, (signal) =>
      list(run.x, line.path, { query: line.query, more }, signal),
    )
    found.push(...data.map((raw) => foundOf(run, line, { raw, includes, after })))
    token = meta.next_token
    if (token === undefined || found.some(({ old }) => old)) break
    if (size === 10) {
      size = 100
      token = undefined
      found = []
    }
  }
  await handOver(run, line, found.toReversed(), after)
}

interface Raw {
  readonly raw: unknown
  readonly includes: Includes
  readonly after: string | null
}

function foundOf({ x }: Run, line: Line, { raw, includes, after }: Raw): Found {
  const own = z.object({ id }).safeParse(raw).data?.id ?? '0'
  const events = line.parse(raw, includes)
  const at = events?.[0]?.occurredAt
  const old = after === null ? at !== undefined && at < x.env.importFrom : own !== '0' && BigInt(own) <= BigInt(after)
  return { id: own, events, old }
}

const largestBatch = 100

async function handOver(run: Run, line: Line, found: readonly Found[], after: string | null): Promise<void> {
  // Beyond the cursor nothing is new; before the first one it is counted.
  const all = after === null ? found : found.filter(({ old }) => !old)
  for (let from = 0; from < all.length; from += largestBatch) {
    const some = all.slice(from, from + largestBatch)
    const ignored = some.flatMap(({ events, old }) => {
      if (events !== null && !old) return []
      return [{ reason: old ? 'older than the inbox' : 'malformed' }]
    })
    const last = run.position()[line.part] ?? '0'
    const newest = some.reduce((most, one) => (BigInt(one.id) > BigInt(most) ? one.id : most), last)
    const events = some.flatMap((one) => (one.old ? [] : (one.events ?? [])))
    await run.commit({ events, ignored }, { [line.part]: newest })
  }
}

/**
 * Nothing is asked once X said that no call is left, until it says there are more. A limit is waited out here: what was read
 * so far need not be asked for, and paid for, again.
 */
async function patiently(run: Run, line: Line, ask: (signal: AbortSignal) => Promise<Listed>): Promise<Listed> {
  for (;;) {
    if (line.room?.remaining === 0) await untilReset(run, line, line.room.resetAt)
    line.room = null
    try {
      const listed = await within(30_000, run.signal, ask)
      line.room = listed.room
      return listed
    } catch (error) {
      if (!(error instanceof ChannelError) || error.failure.kind !== 'rateLimited') throw error
      await untilReset(run, line, run.x.env.clock().getTime() + error.failure.retryAfterMs)
    }
  }
}

const noticedMs = 2 * 60_000

async function untilReset(run: Run, { part, name, gap }: Line, at: number): Promise<void> {
  const ms = at - run.x.env.clock().getTime()
  const when = new Date(at).toISOString().slice(11, 16)
  // Looks as often as X allows end with a short wait in each window: nothing that anybody should worry about.
  if (ms > noticedMs)
    run.warn(part, `X allows no more looks at ${name} until ${when} UTC; then the rest follows. ${gap}`)
  await run.wait(ms)
}
