import { noWhims, type Whims } from '../whims.ts'
import { numbered, tagJson } from './wholes.ts'

/** What the platform knows: JSON as it goes over the wire, in its own names. */
export interface User {
  readonly id: string
  readonly username: string
  readonly global_name: string | null
  readonly bot?: boolean
  readonly [more: string]: unknown
}
export interface Channel {
  readonly id: string
  readonly type: number
  name: string
  guild_id?: string
  parent_id?: string
  last_message_id: string | null
  applied_tags?: string[]
  available_tags?: { id: string; name: string }[]
  owner_id?: string
  /** Whose direct channel it is. */
  recipient?: User
  locked?: boolean
  archived?: boolean
  readonly members?: Set<string>
}
export interface Message {
  readonly id: string
  readonly channel_id: string
  readonly author: User
  readonly type: number
  content: string
  edited_timestamp: string | null
  attachments: { id: string; filename: string; size: number; url: string; content_type?: string }[]
  embeds: unknown[]
  components: unknown[]
  readonly reactions: Map<string, Set<string>>
  readonly nonce?: string
  readonly at: number
  readonly more: Record<string, unknown>
}
export interface Member {
  nick: string | null
  roles: string[]
}
export interface Call {
  readonly method: string
  readonly path: string
  readonly body: unknown
  status?: number
  /** Absent where nothing was said, or a test made it go wrong. */
  answer?: unknown
}
export interface Fault {
  readonly name: string
  /** The message is made before the answer goes wrong. */
  readonly effect: boolean
  readonly status?: number
  readonly body?: string
  readonly headers?: Record<string, string>
  readonly how?: 'cut' | 'silence' | 'drip' | 'truncated'
}
export interface State {
  readonly token: string
  readonly bot: User
  readonly applicationId: string
  readonly guildId: string
  readonly roles: { id: string; name: string }[]
  readonly people: Map<string, User>
  readonly members: Map<string, Member>
  readonly channels: Map<string, Channel>
  readonly messages: Map<string, Message[]>
  readonly files: Map<string, Buffer>
  readonly calls: Call[]
  readonly commands: { id: string; name: string }[]
  readonly interactions: Map<string, Interaction>
  /** Who does not take direct messages of ours. */
  readonly blocking: Set<string>
  /** Sends that go wrong, one each. */
  readonly sendFaults: Fault[]
  /** Other calls that go wrong, while they match. */
  readonly faults: { readonly matches: RegExp; readonly fault: Fault; left: number }[]
  readonly limits: { perChannel?: { max: number; windowMs: number }; globalUntil?: number; shared?: boolean }
  /** Privileged intents that are switched on in the portal. */
  grantedIntents: number
  refusesCredentials: boolean
  /** Whether the history gives nonces back. */
  historyHasNonces: boolean
  /** ms: addresses of files are good for so long. */
  filesLiveMs: number
  port: number
  clock: () => number
  /** Sees each call before it is answered. */
  onCall: (call: Call) => void
  readonly whims: Whims
}
export interface Interaction {
  readonly id: string
  readonly token: string
  readonly at: number
  readonly message?: Message
  answers: { type: number; data?: unknown }[]
  original: unknown
}

const epoch = 1_420_070_400_000
let counter = 0

/** Rises with every call, also within one millisecond. */
export function snowflake(at = Date.now()): string {
  counter += 1
  return String((BigInt(Math.floor(at) - epoch) << 22n) + BigInt(counter % 4_194_304))
}

export function user(id: string, username: string, global: string | null = null, bot?: true): User {
  const more = { discriminator: '0', avatar: null, public_flags: 0, flags: 0, primary_guild: null }
  return { id, username, global_name: global, ...more, ...(bot && { bot }) }
}

/** MESSAGE_CONTENT; the others need no switch. */
export const messageContent = 1 << 15

export function newState(token: string): State {
  const bot = user(snowflake(), 'northstar-support', null, true)
  return {
    token,
    bot,
    applicationId: bot.id,
    guildId: snowflake(),
    roles: [],
    people: new Map(),
    members: new Map(),
    channels: new Map(),
    messages: new Map(),
    files: new Map(),
    calls: [],
    commands: [],
    interactions: new Map(),
    blocking: new Set(),
    sendFaults: [],
    faults: [],
    limits: {},
    grantedIntents: messageContent,
    refusesCredentials: false,
    historyHasNonces: false,
    filesLiveMs: 24 * 3_600_000,
    port: 0,
    clock: () => Date.now(),
    onCall: () => {},
    whims: noWhims(),
  }
}

export function channelJson(channel: Channel): Record<string, unknown> {
  const { members: _m, recipient, locked = false, archived = false, available_tags: tags, ...rest } = channel
  if (recipient)
    return { id: channel.id, type: 1, flags: 0, last_message_id: channel.last_message_id, recipients: [recipient] }
  const thread = [10, 11, 12].includes(channel.type)
  const archive = new Date(Number((BigInt(channel.id) >> 22n) + BigInt(epoch))).toISOString()
  const metadata = { archived, locked, auto_archive_duration: 10_080, archive_timestamp: archive }
  return {
    flags: 0,
    ...(!thread && { position: 1 }),
    ...rest,
    ...(tags && { available_tags: tags.map(tagJson) }),
    ...(thread && {
      thread_metadata: metadata,
      member_count: 2,
      message_count: 1,
      total_message_sent: 1,
      rate_limit_per_user: 0,
    }),
  }
}

/** As REST gives it; `viewer` decides what "me" means in reactions. */
export function messageJson(
  state: State,
  message: Message,
  withNonce = state.historyHasNonces,
): Record<string, unknown> {
  const { reactions, nonce, at, more, attachments, ...rest } = message
  const counted = [...reactions].filter(([, who]) => who.size > 0)
  return {
    ...rest,
    components: numbered(message.components),
    attachments: attachments.map((one) => ({ ...one, proxy_url: one.url, flags: 0 })),
    timestamp: new Date(at).toISOString(),
    flags: 0,
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    ...(counted.length > 0 && {
      reactions: counted.map(([name, who]) => ({
        emoji: { id: null, name },
        count: who.size,
        count_details: { burst: 0, normal: who.size },
        burst_colors: [],
        me_burst: false,
        me: who.has(state.bot.id),
      })),
    }),
    ...(withNonce && nonce !== undefined && { nonce }),
    ...more,
  }
}

export function fileUrl(state: State, channel: string, id: string, name: string): string {
  const expires = Math.floor((state.clock() + state.filesLiveMs) / 1_000).toString(16)
  return `http://127.0.0.1:${state.port}/attachments/${channel}/${id}/${encodeURIComponent(name)}?ex=${expires}`
}

export function messagesIn(state: State, channel: string): Message[] {
  const known = state.messages.get(channel)
  if (known) return known
  const made: Message[] = []
  state.messages.set(channel, made)
  return made
}

export interface NewMessage {
  readonly channel: string
  readonly author: User
  readonly content: string
  readonly type?: number
  readonly id?: string
  readonly nonce?: string
  readonly embeds?: unknown[]
  readonly components?: unknown[]
  readonly files?: readonly { name: string; type: string; bytes: Buffer }[]
  readonly more?: Record<string, unknown>
}

export function keepMessage(state: State, wish: NewMessage): Message {
  const at = state.clock()
  const message: Message = {
    id: wish.id ?? snowflake(at),
    channel_id: wish.channel,
    author: wish.author,
    type: wish.type ?? 0,
    content: wish.content,
    edited_timestamp: null,
    attachments: (wish.files ?? []).map(({ name, type, bytes }) => {
      const id = snowflake(at)
      state.files.set(id, bytes)
      return { id, filename: name, size: bytes.length, content_type: type, url: fileUrl(state, wish.channel, id, name) }
    }),
    embeds: wish.embeds ?? [],
    components: wish.components ?? [],
    reactions: new Map(),
    at,
    more: wish.more ?? {},
    ...(wish.nonce !== undefined && { nonce: wish.nonce }),
  }
  messagesIn(state, wish.channel).push(message)
  const channel = state.channels.get(wish.channel)
  if (channel) {
    channel.last_message_id = message.id
    channel.archived = false
  }
  return message
}
