import { z } from 'zod'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { list } from '../../src/channel/lenient.ts'
import type { Link } from './link.ts'
import { editEvent, messageEvent } from './parse.ts'
import { isForum } from './places.ts'
import { hearMessage } from './read.ts'
import type { Cursor } from './receive.ts'
import { idAt, newest, snowflake, timeOf } from './wire.ts'

/** Ids of different channels may overtake each other; what is read twice is stored once. */
const overlapMs = 30_000
/** Edits made while we were away are looked for in what was said so shortly before. */
const editsWithinMs = 24 * 3_600_000
const pageSize = 100

const threadsSchema = z.object({ threads: list(z.unknown()) })
const pageSchema = z.array(z.looseObject({ id: snowflake, edited_timestamp: z.string().nullish().catch(null) }))

/** History does not name the server. */
type Room = Readonly<{ id: string; guild_id?: string }>

/** The history since the cursor, place by place, oldest first in each; and how far each page reaches in its channel. */
export async function* history(link: Link, cursor: Cursor, signal: AbortSignal) {
  const sinceMs = timeOf(cursor.seen).getTime() - overlapMs
  const since = idAt(sinceMs)
  const returns = Object.keys(cursor.sessions).length + cursor.direct.length > 0
  const from = returns ? idAt(sinceMs - editsWithinMs) : since
  for (const room of await roomsOf(link, cursor, from, signal)) {
    let page: z.output<typeof pageSchema>
    let upTo = from
    do {
      page = await pageOf(link, room, upTo, signal)
      const events: InboundEvent[] = []
      const ignored: { reason: string }[] = []
      for (const one of page) {
        upTo = newest(upTo, one.id)
        const heard = BigInt(one.id) > BigInt(since) ? await hearMessage(link, one, messageEvent) : null
        if (heard?.ignored !== undefined) ignored.push({ reason: heard.ignored })
        const changed = Date.parse(one.edited_timestamp ?? '') > sinceMs
        events.push(...(heard?.events ?? []), ...(changed ? (await hearMessage(link, one, editEvent)).events : []))
      }
      yield { events, ignored, channel: room.id, upTo: newest(upTo, since) }
    } while (page.length >= pageSize && !signal.aborted)
  }
}

async function roomsOf({ settings, places, api }: Link, { direct }: Cursor, from: string, signal: AbortSignal) {
  const rooms = new Map<string, Room>()
  const threadsAt = async (path: string) => {
    for (const one of threadsSchema.safeParse(await api.find(path, signal)).data?.threads ?? []) {
      const thread = places.learn(one)
      if (thread?.last_message_id && BigInt(thread.last_message_id) > BigInt(from)) rooms.set(thread.id, thread)
    }
  }
  for (const { id } of settings.supportChannels) {
    const place = await places.get(id, signal)
    if (!place) continue
    if (!isForum(place)) rooms.set(id, place)
    await threadsAt(`/guilds/${place.guild_id}/threads/active`)
    for (const kind of isForum(place) ? ['public'] : ['public', 'private'])
      await threadsAt(`/channels/${id}/threads/archived/${kind}`)
  }
  return [...rooms.values(), ...direct.map((id): Room => ({ id }))]
}

/** Oldest first; Discord's order is the other way round. A place that is gone has nothing to say. */
async function pageOf({ api }: Link, { id, guild_id }: Room, after: string, signal: AbortSignal) {
  const found = await api.find(`/channels/${id}/messages?limit=${pageSize}&after=${after}`, signal)
  const page = pageSchema.safeParse(found ?? []).data
  if (!page) throw new ChannelError({ kind: 'unavailable' }, 'Discord sent a history that cannot be read.')
  const told = page.map((one) => ({ ...one, ...(guild_id && { guild_id }) }))
  return told.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
}
