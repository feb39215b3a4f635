import type { Ground } from './answers.ts'
import type { GatewayStandIn } from './gateway.ts'
import { openThread } from './rest.ts'
import {
  type Channel,
  type Interaction,
  keepMessage,
  type Message,
  messageJson,
  messagesIn,
  type NewMessage,
  snowflake,
  type User,
  user,
} from './state.ts'

/** What people do on the platform. */
export interface Customers {
  person(name: string, wish?: { nick?: string; roles?: string[] }): User
  role(name: string): string
  channel(name: string, type?: number, tags?: { id: string; name: string }[]): Channel
  directChannel(person: User): Channel
  thread(parent: Channel, name: string, wish?: { type?: number; owner?: User }): Channel
  forumPost(forum: Channel, author: User, wish: { title: string; text: string; tags?: string[] }): Channel
  write(channel: Channel, author: User, text: string, wish?: Partial<NewMessage> & { replyTo?: string }): Message
  edit(message: Message, text: string): void
  /** An address in it was unfurled: nobody changed a word. */
  unfurl(message: Message): void
  remove(channel: Channel, ...messages: Message[]): void
  react(message: Message, who: User, emoji: string, off?: boolean): void
  types(channel: Channel, who: User): void
  /** Presses a button, sends a form or a command. */
  interact(channel: Channel, who: User, wish: Pressing): Interaction
  /** Any dispatch at all. */
  utter(t: string, d: unknown): void
}

export interface Pressing {
  readonly type: 2 | 3 | 5
  readonly data: unknown
  readonly message?: Message
  readonly locale?: string
}

export function customersOf(ground: Ground, gateway: GatewayStandIn): Customers {
  const { state, dispatch } = ground
  const channelOf = (id: string) => state.channels.get(id)
  const tell = (t: string, message: Message) => {
    const member = state.members.get(message.author.id)
    const channel = channelOf(message.channel_id)
    const extra = channel?.guild_id !== undefined && member ? { member } : {}
    dispatch(t, { ...messageJson(state, message, true), ...extra }, channel, 'messages')
  }
  const write: Customers['write'] = (channel, author, text, { replyTo, ...wish } = {}) => {
    const reply =
      replyTo === undefined
        ? {}
        : { type: 19, more: { message_reference: { type: 0, channel_id: channel.id, message_id: replyTo } } }
    const message = keepMessage(state, { channel: channel.id, author, content: text, ...reply, ...wish })
    tell('MESSAGE_CREATE', message)
    return message
  }
  const payload = (channel: Channel, who: User, { type, data, message, locale = 'en-US' }: Pressing) => {
    const id = snowflake()
    const interaction: Interaction = {
      id,
      token: `aW50ZXJhY3Rpb246${id}`,
      at: state.clock(),
      answers: [],
      original: null,
      ...(message && { message }),
    }
    state.interactions.set(id, interaction)
    const member = state.members.get(who.id) ?? { nick: null, roles: [] }
    const inGuild = channel.guild_id !== undefined
    return {
      id,
      token: interaction.token,
      application_id: state.applicationId,
      type,
      version: 1,
      locale,
      channel_id: channel.id,
      data,
      ...(inGuild ? { guild_id: channel.guild_id, member: { ...member, user: who } } : { user: who }),
      ...(message && { message: messageJson(state, message) }),
    }
  }
  return {
    write,
    person: (name, wish = {}) => {
      const made = user(snowflake(), name.toLowerCase(), name)
      state.people.set(made.id, made)
      state.members.set(made.id, { nick: wish.nick ?? null, roles: wish.roles ?? [] })
      return made
    },
    role: (name) => {
      const id = snowflake()
      state.roles.push({ id, name })
      return id
    },
    channel: (name, type = 0, tags = []) => {
      const made: Channel = {
        id: snowflake(),
        type,
        name,
        guild_id: state.guildId,
        last_message_id: null,
        ...(type === 15 && { available_tags: tags }),
      }
      state.channels.set(made.id, made)
      return made
    },
    directChannel: (person) => {
      const made: Channel = { id: snowflake(), type: 1, name: '', last_message_id: null, recipient: person }
      state.channels.set(made.id, made)
      return made
    },
    thread: (parent, name, { type = 12, owner } = {}) =>
      openThread(ground, parent, { name, id: snowflake(), type, ...(owner && { owner: owner.id }) }),
    forumPost: (forum, author, { title, text, tags }) => {
      const post = openThread(ground, forum, {
        name: title,
        id: snowflake(),
        type: 11,
        owner: author.id,
        ...(tags && { tags }),
      })
      write(post, author, text, { id: post.id })
      return post
    },
    edit: (message, text) => {
      message.content = text
      message.edited_timestamp = new Date(state.clock()).toISOString()
      tell('MESSAGE_UPDATE', message)
    },
    unfurl: (message) => {
      message.embeds = [{ type: 'link', url: 'https://northstar.example/', title: 'Northstar' }]
      tell('MESSAGE_UPDATE', message)
    },
    remove: (channel, ...messages) => {
      const all = messagesIn(state, channel.id)
      for (const one of messages) all.splice(all.indexOf(one), 1)
      const ids = messages.map(({ id }) => id)
      if (ids.length === 1) dispatch('MESSAGE_DELETE', { id: ids[0], channel_id: channel.id }, channel, 'messages')
      else dispatch('MESSAGE_DELETE_BULK', { ids, channel_id: channel.id }, channel, 'messages')
    },
    react: (message, who, emoji, off = false) => {
      const set = message.reactions.get(emoji) ?? new Set()
      message.reactions.set(emoji, set)
      if (off) set.delete(who.id)
      else set.add(who.id)
      const d = {
        user_id: who.id,
        channel_id: message.channel_id,
        message_id: message.id,
        emoji: { id: null, name: emoji },
      }
      dispatch(off ? 'MESSAGE_REACTION_REMOVE' : 'MESSAGE_REACTION_ADD', d, channelOf(message.channel_id), 'reactions')
    },
    types: (channel, who) =>
      dispatch('TYPING_START', { channel_id: channel.id, user_id: who.id, timestamp: 1 }, channel, 'typing'),
    interact: (channel, who, wish) => {
      const d = payload(channel, who, wish)
      gateway.dispatch('INTERACTION_CREATE', d, 0)
      return state.interactions.get(d.id)!
    },
    utter: (t, d) => gateway.dispatch(t, d, 0),
  }
}
