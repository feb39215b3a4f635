import { z } from 'zod'

/** Ids exceed 2^53: text, compared as BigInt. */
const id = z.string().regex(/^\d{1,25}$/)
const time = z.iso.datetime({ offset: true }).transform((at) => new Date(at))
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
const maybeText = optional(z.string())
const maybeId = optional(id)
const listOf = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .max(2_000)
    .catch([])
    .default([])
    .transform((all) => all.flatMap((one) => schema.safeParse(one).data ?? []))

/** Posts were called tweets; X is renaming, and answers in either words. */
function renamed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name.replace(/tweet/g, 'post'), held]))
}

const link = z.object({ url: z.string().min(8).max(100), expanded_url: z.string().min(1).max(4_000) })
const entities = z.object({
  urls: listOf(link),
  mentions: listOf(z.object({ id: maybeId, username: maybeText })),
})
const attachments = z.object({ media_keys: listOf(z.string().max(100)) })
const variant = z.object({
  url: z.url(),
  content_type: maybeText,
  bit_rate: optional(z.number()),
  bitrate: optional(z.number()),
})
const media = z.object({
  media_key: z.string().max(100),
  type: z.string(),
  url: optional(z.url()),
  variants: listOf(variant),
})
export type WireMedia = z.infer<typeof media>
const user = z.object({ id, name: maybeText, username: maybeText, profile_image_url: maybeText })
export type WireUser = z.infer<typeof user>

const post = z.preprocess(
  renamed,
  z.object({
    id,
    text: z.string().default(''),
    author_id: id,
    conversation_id: maybeId,
    created_at: time,
    in_reply_to_user_id: maybeId,
    referenced_posts: listOf(z.object({ type: z.string(), id })),
    edit_history_post_ids: listOf(id),
    entities: optional(entities),
    attachments: optional(attachments),
    note_post: optional(z.object({ text: z.string(), entities: optional(entities) })),
    lang: optional(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)?$/)),
  }),
)
export type WirePost = z.infer<typeof post>
const quoted = z.preprocess(renamed, z.object({ id, text: z.string(), author_id: maybeId }))
export type WireQuoted = z.infer<typeof quoted>

const dmEvent = z.preprocess(
  renamed,
  z.object({
    id,
    event_type: z.literal('MessageCreate'),
    text: z.string().default(''),
    sender_id: id,
    dm_conversation_id: z.string().regex(/^\d{1,25}(-\d{1,25})?$/),
    created_at: time,
    entities: optional(entities),
    attachments: optional(attachments),
    referenced_posts: listOf(z.object({ id })),
  }),
)
export type WireDm = z.infer<typeof dmEvent>

const includes = z.preprocess(
  renamed,
  z
    .object({ users: listOf(user), media: listOf(media), posts: listOf(quoted) })
    .catch({ users: [], media: [], posts: [] }),
)
export type Includes = z.infer<typeof includes>

/** A page of a list; a yes may carry `errors` beside `data`. */
export const page = z.object({
  data: z.array(z.unknown()).default([]),
  includes: includes.default({ users: [], media: [], posts: [] }),
  meta: z
    .object({ next_token: optional(z.string().min(1)) })
    .catch({ next_token: undefined })
    .default({ next_token: undefined }),
})
export type Page = z.infer<typeof page>

export const sentDm = z.object({ data: z.object({ dm_event_id: id, dm_conversation_id: z.string() }) })
export const sentPost = z.object({ data: z.object({ id }) })
export const ownAccount = z.object({ data: user })
export const mediaState = z.object({
  data: z.object({
    id: z.string().regex(/^\d{1,25}$/),
    processing_info: optional(z.object({ state: z.string(), check_after_secs: z.number().min(0).catch(1) })),
  }),
})
export const webhooks = z.object({ data: listOf(z.object({ id, url: z.string(), valid: z.boolean() })) })
export const webhookMade = z.object({ data: z.object({ id }) })
export const subscriptions = z.object({
  data: listOf(z.object({ event_type: z.string(), webhook_id: maybeId, filter: z.object({ user_id: maybeId }) })),
})

/** An event of the Activity API. */
export const activity = z.object({
  event_type: z.string(),
  filter: z.object({ user_id: maybeId }).catch({ user_id: undefined }),
  payload: z.record(z.string(), z.unknown()),
  includes: includes.default({ users: [], media: [], posts: [] }),
})
export type Activity = z.infer<typeof activity>

const stamp = z
  .string()
  .regex(/^\d{10,14}$/)
  .transform((ms) => new Date(Number(ms)))
/** Direct messages keep the shape they had before: times are milliseconds as text. */
export const oldDm = z.object({
  type: z.literal('message_create'),
  id,
  created_timestamp: stamp,
  message_create: z.object({
    sender_id: id,
    target: z.object({ recipient_id: id }),
    message_data: z.object({
      text: z.string().default(''),
      entities: optional(entities),
      attachment: optional(
        z.object({
          media: z.object({
            id_str: id,
            type: z.string(),
            url: optional(z.string().min(8)),
            media_url_https: optional(z.url()),
            video_info: optional(z.object({ variants: listOf(variant) })),
          }),
        }),
      ),
    }),
  }),
})
export const oldSignal = z.object({
  sender_id: id,
  target: z.object({ recipient_id: id }),
  created_timestamp: stamp,
  last_read_event_id: maybeId,
})
export const oldUsers = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((all) =>
    Object.values(all).flatMap((one) => user.safeParse((one as { data?: unknown } | null)?.data ?? one).data ?? []),
  )
export const encrypted = z.object({
  id: z.string().min(1).max(100),
  created_at_msec: stamp,
  sender_id: id,
  conversation_id: z.string().min(1).max(100),
})

export const parsePost = (raw: unknown): WirePost | undefined => post.safeParse(raw).data
export const parseDm = (raw: unknown): WireDm | undefined => dmEvent.safeParse(raw).data
