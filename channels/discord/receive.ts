import type { InboundEvent, InboundSink, Cursor as Stored } from '../../src/channel/contract.ts'
import { history } from './catch-up.ts'
import { type Dispatch, type Gateway, openGateway, type Sessions } from './gateway.ts'
import { answerFirst, ensurePanels } from './interactions.ts'
import type { Link } from './link.ts'
import { type Heard, hear } from './read.ts'
import { openThread } from './send.ts'
import { idAt, newest, snowflake, timeOf } from './wire.ts'

export interface Cursor {
  /** Up to what is committed. */
  readonly sessions: Sessions
  /** What the sessions were begun for: resumed, they would never tell of a channel that was added since. */
  readonly wish: string
  /** Everything up to this message is accounted for, in all channels: ids of Discord are in the order of time. */
  readonly seen: string
  /** A bot cannot list its direct channels; the newest last. */
  readonly direct: readonly string[]
}

/** https://docs.discord.com/developers/events/gateway#list-of-intents; what servers tell is only asked for where they have a door. */
const directIntents = (1 << 12) | (1 << 13) | (1 << 14)
const serverIntents = (1 << 0) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 15)
const mostDirect = 100
/** Nothing older opens a thread by itself, ms. */
const freshMs = 15 * 60_000

interface Run {
  readonly link: Link
  readonly sink: InboundSink
  readonly signal: AbortSignal
  readonly gateway: Gateway
  cursor: Cursor
  /** What the history already gave, by channel: the gateway tells some of it once more. */
  readonly reached: Map<string, string>
}

export async function receive(link: Link, since: Stored | null, sink: InboundSink, signal: AbortSignal): Promise<void> {
  const { directMessages, supportChannels } = link.settings
  const intents = (directMessages ? directIntents : 0) | (supportChannels.length > 0 ? serverIntents : 0)
  const wish = [intents, ...supportChannels.map(({ id, open = '' }) => id + open)].join(' ')
  const fresh: Cursor = { sessions: {}, wish, seen: idAt(link.env.importFrom.getTime()), direct: [] }
  const stored = (since as Cursor | null) ?? fresh
  const cursor = { ...stored, wish, sessions: stored.wish === wish ? stored.sessions : {} }
  const arrived = ({ t, d }: Dispatch) => t === 'INTERACTION_CREATE' && answerFirst(link, d)
  const { sessions } = cursor
  link.api.until = signal
  const gateway = await openGateway(link, { intents, sessions, signal, arrived, alive: () => sink.alive() })
  const run: Run = { link, sink, signal, gateway, cursor, reached: new Map() }
  try {
    while (!signal.aborted) await take(run, await gateway.next())
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    link.api.until = undefined
    gateway.close()
  }
}

async function take(run: Run, told: readonly Dispatch[]): Promise<void> {
  if (told[0]?.begins) return begin(run, told[0].shard, told[0].begins)
  const all: Heard[] = []
  const sessions = { ...run.cursor.sessions }
  for (const dispatch of told) {
    const { shard, session, s: sequence } = dispatch
    if (!toldBefore(run, dispatch)) all.push(await hear(run.link, dispatch))
    const known = sessions[shard]
    if (known && known.sessionId === session) sessions[shard] = { ...known, sequence }
  }
  for (const { typing } of all) if (typing !== undefined) run.sink.ephemeral({ thread: typing, typing: true })
  const events = all.flatMap((heard) => heard.events)
  const ignored = all.flatMap(({ ignored: reason }) => (reason === undefined ? [] : { reason }))
  const cursor = { ...run.cursor, ...reach(run.cursor, events), sessions }
  if (run.signal.aborted) return
  if (events.length + ignored.length > 0) await run.sink.commit({ events, ignored, cursor })
  run.cursor = cursor
  run.gateway.keep(sessions)
  for (const event of events) openIfNew(run.link, event)
  for (const { after } of all) after?.()
}

function reach({ seen, direct }: Cursor, events: readonly InboundEvent[]): Pick<Cursor, 'seen' | 'direct'> {
  const told = events.flatMap((one) => (one.kind === 'message' ? one.externalId : []))
  const channels = new Set(events.flatMap(({ thread: { kind, key } }) => (kind === 'direct' ? key : [])))
  const all = [...direct.filter((id) => !channels.has(id)), ...channels]
  return { seen: told.reduce(newest, seen), direct: all.slice(-mostDirect) }
}

/** A new session knows nothing of what was before it: the history is read first, and only then the session is kept. */
async function begin(run: Run, shard: string, session: Sessions[string]): Promise<void> {
  const { link, sink, signal, gateway } = run
  sink.warn(null)
  await ensurePanels(link, sink)
  run.reached.clear()
  let { seen } = run.cursor
  for await (const { channel, upTo, ...page } of history(link, run.cursor, signal)) {
    if (signal.aborted) return
    if (page.events.length + page.ignored.length > 0) await sink.commit(page)
    for (const event of page.events) openIfNew(link, event)
    sink.alive()
    run.reached.set(channel, upTo)
    seen = newest(seen, upTo)
  }
  if (signal.aborted) return
  run.cursor = { ...run.cursor, seen, sessions: { ...run.cursor.sessions, [shard]: session } }
  await sink.commit({ events: [], cursor: run.cursor })
  gateway.keep(run.cursor.sessions)
}

/** The customer sees that it was heard; should it not work out now, the first answer opens the thread. */
function openIfNew(link: Link, event: InboundEvent): void {
  if (event.kind !== 'message' || !event.thread.key.endsWith(`/${event.externalId}`)) return
  if (link.env.clock().getTime() - timeOf(event.externalId).getTime() > freshMs) return
  openThread(link, event.thread, event.text, AbortSignal.timeout(10_000)).catch(({ message: reason }: Error) => {
    link.env.log.warn({ event: 'discord.thread', reason }, 'A thread could not be opened.')
  })
}

function toldBefore({ reached }: Run, { t, d }: Dispatch): boolean {
  const { id, channel_id: channel } = (d ?? {}) as { readonly id?: unknown; readonly channel_id?: unknown }
  const last = t === 'MESSAGE_CREATE' ? reached.get(String(channel)) : undefined
  return last !== undefined && snowflake.safeParse(id).success && BigInt(String(id)) <= BigInt(last)
}
