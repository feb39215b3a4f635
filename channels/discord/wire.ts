import { z } from 'zod'
import { anything, list, wordOrNull as name, word, words } from '../../src/channel/lenient.ts'

/** What is read of Discord's payloads. What an event is about must be right, or it counts as malformed; what only adorns it may be broken. */
export const snowflake = z.string().regex(/^\d{1,19}$/)

const spot = { channel_id: snowflake, guild_id: snowflake.optional() }

const user = z.object({
  id: snowflake,
  username: words,
  global_name: name,
  avatar: name,
  bot: z.boolean().catch(false),
})
export const memberSchema = z.object({ nick: name, roles: list(snowflake) })
const size = z.number().optional().catch(undefined)
const attachment = z.object({ id: snowflake, filename: words, url: z.string(), content_type: word, size })
const field = z.object({ name: words, value: words })
const footer = z.object({ text: words }).optional().catch(undefined)
const embed = z.object({ type: word, title: word, description: word, url: word, fields: list(field), footer })
const option = z.object({ poll_media: z.object({ text: words }) })
const poll = z
  .object({ question: z.object({ text: words }), answers: list(option) })
  .optional()
  .catch(undefined)
const stickers = list(z.object({ name: words }))
const said = { content: words, attachments: list(attachment), embeds: list(embed), sticker_items: stickers, poll }
const emoji = z.object({ id: snowflake.nullish(), name: z.string().nullish() })
const reference = z.object({ message_id: snowflake, type: z.number().optional() })

export const messageSchema = z.object({
  ...said,
  ...spot,
  id: snowflake,
  author: user,
  member: memberSchema.optional().catch(undefined),
  type: z.number().catch(0),
  edited_timestamp: name,
  webhook_id: word,
  mentions: list(user),
  nonce: word,
  components: anything,
  reactions: list(z.object({ count: z.number(), me: z.boolean(), emoji })),
  message_reference: reference.optional().catch(undefined),
  message_snapshots: list(z.object({ message: z.object(said) })),
})
/** Of one or of many. */
export const deletedSchema = z.object({ ...spot, id: snowflake.optional(), ids: z.array(snowflake).default([]) })
export const reactionSchema = z.object({ ...spot, message_id: snowflake, user_id: snowflake })
export const typingSchema = z.object({ ...spot, user_id: snowflake })
export const channelSchema = z.object({
  id: snowflake,
  type: z.number(),
  guild_id: snowflake,
  parent_id: snowflake.nullish().catch(null),
  name: words,
  last_message_id: snowflake.nullish().catch(null),
  applied_tags: list(snowflake),
  available_tags: list(z.object({ id: snowflake, name: words })),
})
const pressed = z.object({ id: snowflake, components: anything })
export const interactionSchema = z.object({
  ...{ id: snowflake, type: z.number(), token: z.string() },
  ...{ guild_id: snowflake.optional(), channel_id: snowflake.optional() },
  locale: word,
  user: user.optional(),
  member: memberSchema.extend({ user }).optional(),
  data: z
    .object({ name: word, custom_id: words, components: anything, values: list(z.string()) })
    .catch({ custom_id: '', values: [] }),
  message: pressed.optional().catch(undefined),
})
/** Something that is or was made. */
export const madeSchema = z.object({ id: snowflake })

export type User = z.output<typeof user>
export type Member = z.output<typeof memberSchema>
export type Message = z.output<typeof messageSchema>
export type Interaction = z.output<typeof interactionSchema>
export type Channel = z.output<typeof channelSchema>

const epochMs = 1_420_070_400_000n

/** Every id of Discord tells when it was made. */
export const timeOf = (id: string): Date => new Date(Number((BigInt(id) >> 22n) + epochMs))
export const idAt = (ms: number): string => String(BigInt(Math.max(0, Math.floor(ms) - Number(epochMs))) << 22n)
export const newest = (a: string, b: string): string => (BigInt(a) >= BigInt(b) ? a : b)
