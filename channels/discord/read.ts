import { z } from 'zod'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { list } from '../../src/channel/lenient.ts'
import { type Asked, filledIn, formOf, readAloud } from './form.ts'
import type { Dispatch } from './gateway.ts'
import { hearInteraction } from './interactions.ts'
import type { Link } from './link.ts'
import { editEvent, messageEvent, type Role, type Spoken, senderOf } from './parse.ts'
import { directRef, doorOf, openedRef, type Place } from './places.ts'
import {
  deletedSchema,
  type Message,
  memberSchema,
  messageSchema,
  reactionSchema,
  snowflake,
  timeOf,
  typingSchema,
} from './wire.ts'

/** What one thing that Discord told comes to. */
export interface Heard {
  readonly events: readonly InboundEvent[]
  readonly ignored?: string
  readonly typing?: string
  /** Once the events are committed. */
  readonly after?: () => void
}
const silence: Heard = { events: [] }
const ignored = (reason: string): Heard => ({ events: [], ignored: reason })
const malformed = ignored('malformed')

/** Ordinary messages and replies; the others are notes of the platform (joined, pinned, renamed …). */
const spokenTypes = [0, 19]

export async function hear(link: Link, dispatch: Omit<Dispatch, 'shard'>): Promise<Heard> {
  const { t, d } = dispatch
  switch (t) {
    case 'MESSAGE_CREATE':
      return hearMessage(link, d, messageEvent)
    case 'MESSAGE_UPDATE':
      return hearMessage(link, d, editEvent)
    case 'MESSAGE_DELETE':
    case 'MESSAGE_DELETE_BULK':
      return hearRemoval(link, d)
    case 'MESSAGE_REACTION_ADD':
    case 'MESSAGE_REACTION_REMOVE':
      return hearReaction(link, dispatch)
    case 'TYPING_START':
      return hearTyping(link, d)
    case 'INTERACTION_CREATE':
      return hearInteraction(link, d)
  }
  if (t.startsWith('GUILD_ROLE_')) link.roles.delete(String((d as { guild_id?: unknown } | null)?.guild_id))
  if (/^(?:CHANNEL|THREAD)_(?:CREATE|UPDATE)$/.test(t)) link.places.learn(d)
  if (/^(?:CHANNEL|THREAD)_DELETE$/.test(t)) link.places.forget(String((d as { id?: unknown } | null)?.id))
  return silence
}

/** Also what the history tells; only there is no word about who the author is in the server. */
export async function hearMessage(link: Link, raw: unknown, read: typeof messageEvent): Promise<Heard> {
  const message = messageSchema.safeParse(raw).data
  // An update may bring no more than what changed: then nobody changed a word.
  if (!message) return read === editEvent ? silence : malformed
  const found = spokenTypes.includes(message.type) ? await placed(link, message) : null
  if (!found || 'events' in found) return found ?? silence
  const ours = message.author.id === link.selfId
  const asked = ours && found.thread.kind === 'privateThread' && read === messageEvent ? formOf(message) : null
  if (asked) return { events: [await askedEvent(link, message, { ...asked, thread: found.thread, raw })] }
  const event = read(message, { ...found, ours, raw })
  return event ? { events: [event] } : silence
}

interface AskedBy extends Pick<Spoken, 'thread' | 'raw'>, Asked {
  readonly who: string
}

/** What stands first in a private thread was written into a form. */
async function askedEvent(link: Link, message: Message, { who, thread, raw, ...asked }: AskedBy) {
  const { id, mentions, guild_id: guild } = message
  const role = guild === undefined ? null : await roleOf(link, guild, who)
  const known = mentions.find((one) => one.id === who)
  const person = known ? senderOf(known, role) : { key: who, ...(role?.nick && { name: role.nick }) }
  const sender = { ...person, ...(asked.locale && { language: asked.locale }) }
  const filled = asked.topicId === undefined ? null : filledIn(asked, await link.env.forms())
  const { subject } = asked
  const form = filled && { form: filled }
  const said = {
    eventId: `m:${id}`,
    externalId: id,
    occurredAt: timeOf(id),
    text: readAloud(asked),
    ...(subject && { subject }),
  }
  return { kind: 'message', thread, raw, sender, ...said, ...form } as const
}

type Placed = Heard | Omit<Spoken, 'raw' | 'ours'> | null

async function placed(link: Link, message: Message): Promise<Placed> {
  const { author, guild_id: guild, channel_id: channel } = message
  const ours = author.id === link.selfId
  if (guild === undefined) {
    if (!link.settings.directMessages) return ignored('direct messages are switched off')
    return author.bot && !ours ? null : { thread: directRef(channel), role: null }
  }
  const place = await link.places.get(channel)
  const thread = place && (await link.places.refIn(place))
  if (!place || (ours && !thread)) return null
  if (ours) return thread && { thread, role: null }
  if (author.bot || message.webhook_id) return ignored('written by a program')
  const role = await roleOf(link, guild, author.id, message.member)
  if (role?.ignored) return ignored('has a role that is not served')
  if (role?.staff && (!thread || message.id === place.id)) return ignored('written by staff')
  if (!thread) {
    const found = atDoor(link, place, message)
    return found && 'thread' in found ? { ...found, role } : found
  }
  const begins = thread.kind === 'post' && message.id === place.id
  return { thread, role, ...(begins && { subject: await titleOf(link, place) }) }
}

function atDoor({ settings, selfId }: Link, place: Place, { id, mentions }: Message) {
  const door = doorOf(settings, place)
  if (door === 'forumPost') return null
  if (door === 'button') return ignored('written beside the contact button')
  if (door === 'mention' && !mentions.some((one) => one.id === selfId)) return ignored('does not mention the bot')
  return { thread: openedRef(place.id, id) }
}

async function titleOf({ places }: Link, { name, parent, applied_tags: applied }: Place): Promise<string> {
  const tags = (await places.get(parent ?? ''))?.available_tags.filter(({ id }) => applied.includes(id)) ?? []
  return tags.length > 0 ? `${name} [${tags.map((tag) => tag.name).join(', ')}]` : name
}

async function hearRemoval(link: Link, raw: unknown): Promise<Heard> {
  const removed = deletedSchema.safeParse(raw).data
  if (!removed) return malformed
  const events: InboundEvent[] = []
  for (const id of removed.id === undefined ? removed.ids : [removed.id]) {
    const thread = await link.places.refOf(removed, id)
    const about = { eventId: `d:${id}`, occurredAt: link.env.clock(), raw, externalId: id }
    if (thread) events.push({ kind: 'removal', thread, ...about })
  }
  return { events }
}

async function hearReaction(link: Link, { d: raw, s, session }: Omit<Dispatch, 't' | 'shard'>): Promise<Heard> {
  const reaction = reactionSchema.safeParse(raw).data
  if (!reaction) return malformed
  const { user_id: user, channel_id: channel, message_id: message, guild_id: guild } = reaction
  const thread = user === link.selfId ? null : await link.places.refOf(reaction, message)
  const path = `/channels/${channel}/messages/${message}`
  const held = thread && messageSchema.safeParse(await link.api.find(path)).data
  if (!held) return silence
  // Discord tells one reaction at a time, the core wants the person's whole set.
  const reactions: string[] = []
  for (const { count, me, emoji } of held.reactions.slice(0, 20)) {
    if (count <= (me ? 1 : 0)) continue
    const users = guild && (await link.api.find(`${path}/reactions/${emojiPath(emoji)}?limit=100`))
    const theirs = !guild || (Array.isArray(users) && users.some((one) => one?.id === user))
    if (theirs) reactions.push(emoji.id ? `:${emoji.name}:` : (emoji.name ?? ''))
  }
  const about = { eventId: `r:${session}:${s}`, occurredAt: link.env.clock(), raw, externalId: message }
  return { events: [{ kind: 'reaction', thread, ...about, sender: { key: user }, reactions }] }
}

export const emojiPath = ({ id, name }: Message['reactions'][number]['emoji']): string =>
  encodeURIComponent(id ? `${name}:${id}` : (name ?? ''))

async function hearTyping({ places, selfId }: Link, raw: unknown): Promise<Heard> {
  const typing = typingSchema.safeParse(raw).data
  const thread = typing && typing.user_id !== selfId ? await places.refOf(typing) : null
  return thread ? { events: [], typing: thread.key } : silence
}

const rolesSchema = list(z.object({ id: snowflake, name: z.string() }))

/** Events bring it of who acts, history does not. Null where somebody is no member any more. */
export async function roleOf(link: Link, guild: string, user: string, given?: Message['member']): Promise<Role | null> {
  const key = `${guild}/${user}`
  const known = given ?? link.members.get(key)
  const member = known ?? memberSchema.safeParse(await link.api.find(`/guilds/${guild}/members/${user}`)).data
  if (!member) return null
  const { nick = null, roles } = link.members.set(key, member)
  const names = roles.length === 0 ? null : await namesOf(link, guild)
  const has = (ids: readonly string[]) => roles.some((id) => ids.includes(id))
  const { staffRoles, ignoreRoles } = link.settings
  return { nick, roles: roles.flatMap((id) => names?.get(id) ?? []), staff: has(staffRoles), ignored: has(ignoreRoles) }
}

async function namesOf({ roles, api }: Link, guild: string): Promise<ReadonlyMap<string, string>> {
  const found = () => api.find(`/guilds/${guild}/roles`)
  const known = roles.get(guild)
  return known ?? roles.set(guild, new Map(rolesSchema.parse(await found()).map(({ id, name }) => [id, name])))
}
