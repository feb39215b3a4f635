import { bounded } from '../../src/channel/bounded.ts'
import type { ThreadRef } from '../../src/channel/contract.ts'
import type { Api } from './api.ts'
import type { DiscordSettings, Door } from './settings.ts'
import { type Channel, channelSchema } from './wire.ts'

/** A support channel, or a thread of one. */
export interface Place extends Channel {
  /** The channel that a thread lies in; null: this is no thread. */
  readonly parent: string | null
}
export interface Places {
  /** null: it does not exist, or is none of ours. */
  get(id: string, signal?: AbortSignal): Promise<Place | null>
  learn(channel: unknown): Place | null
  forget(id: string): void
  /** The thread of what lies in a place, if that is a thread. */
  refIn(place: Place): Promise<ThreadRef | null>
  /** The thread that a message belongs to, told by its place alone; what lies in a channel itself counts where it opened a thread. */
  refOf(spot: Spot, message?: string): Promise<ThreadRef | null>
}
interface Spot {
  readonly guild_id?: string | undefined
  readonly channel_id?: string | undefined
}

const threadTypes = [10, 11, 12]
const privateThread = 12
export const isForum = ({ type }: Place): boolean => type === 15 || type === 16

export function createPlaces(api: Api, { supportChannels, directMessages }: DiscordSettings): Places {
  const known = bounded<Place | 'none'>(5_000)
  const ours = new Set(supportChannels.map(({ id }) => id))
  const learn = (channel: unknown): Place | null => {
    const { data } = channelSchema.safeParse(channel)
    if (!data) return null
    const parent = threadTypes.includes(data.type) ? (data.parent_id ?? '') : null
    const place = ours.has(parent ?? data.id) ? { ...data, parent } : null
    known.set(data.id, place ?? 'none')
    return place
  }
  const get: Places['get'] = async (id, signal) => {
    const found = known.get(id)
    if (found !== undefined) return found === 'none' ? null : found
    const place = learn(await api.find(`/channels/${encodeURIComponent(id)}`, signal))
    if (!place) known.set(id, 'none')
    return place
  }
  const refIn: Places['refIn'] = async ({ id, type, parent }) => {
    if (parent === null) return null
    if (type === privateThread) return privateRef(parent, id)
    const above = await get(parent)
    return above && isForum(above) ? { ...openedRef(parent, id), kind: 'post' } : openedRef(parent, id)
  }
  const refOf: Places['refOf'] = async ({ guild_id: guild, channel_id: channel = '' }, message) => {
    if (guild === undefined) return directMessages ? directRef(channel) : null
    const place = await get(channel)
    const inThread = place && (await refIn(place))
    if (!place || inThread) return inThread
    return message !== undefined && (await get(message)) ? openedRef(place.id, message) : null
  }
  return { get, learn, refIn, refOf, forget: known.delete }
}

export function doorOf({ supportChannels }: DiscordSettings, place: Place): Door {
  return supportChannels.find(({ id }) => id === place.id)?.open ?? (isForum(place) ? 'forumPost' : 'button')
}

export const directRef = (key: string): ThreadRef => ({ key, kind: 'direct', audience: 'private' })
/** The parent stands in the key: a thread that a message opens has that message's id, and can be opened when it is needed. */
const keyOf = (parent: string, id: string) => ({ key: `${parent}/${id}` })
export const privateRef = (parent: string, id: string): ThreadRef =>
  ({ ...keyOf(parent, id), kind: 'privateThread', audience: 'private' }) as const
export const openedRef = (parent: string, id: string): ThreadRef =>
  ({ ...keyOf(parent, id), kind: 'thread', audience: 'public' }) as const

export const channelOf = ({ key }: ThreadRef): string => encodeURIComponent(key.split('/').at(-1) ?? key)
/** Of what may have to be opened first. */
export function starterOf({ key, kind }: ThreadRef): { parent: string; message: string } | null {
  const [parent = '', message] = key.split('/')
  return kind === 'thread' && message !== undefined ? { parent, message } : null
}
