import { z } from 'zod'
import type { Exchange } from './x-description.ts'

const id = z.string().regex(/^\d{1,19}$/)
const time = z.iso.datetime()
const problem = z.looseObject({ title: z.string(), detail: z.string(), type: z.string() })
const user = z.strictObject({ id, name: z.string(), username: z.string() })
const media = z.strictObject({
  media_key: z.string(),
  type: z.enum(['photo', 'animated_gif', 'video']),
  url: z.url().optional(),
  variants: z
    .array(z.strictObject({ url: z.url(), content_type: z.string(), bit_rate: z.int().optional() }))
    .optional(),
})
const attachments = z.strictObject({ media_keys: z.array(z.string()) })
const url = z.looseObject({ url: z.string(), expanded_url: z.string(), start: z.int(), end: z.int() })
const dm = z.strictObject({
  id,
  event_type: z.literal('MessageCreate'),
  text: z.string(),
  sender_id: id,
  dm_conversation_id: z.string(),
  created_at: time,
  entities: z.strictObject({ urls: z.array(url) }),
  attachments: attachments.optional(),
  referenced_posts: z.array(z.strictObject({ id })).optional(),
})
const post = z.looseObject({
  id,
  text: z.string(),
  author_id: id,
  conversation_id: id,
  created_at: time,
  edit_history_post_ids: z.array(id),
  attachments: attachments.optional(),
})
const list = (item: z.ZodType) =>
  z.strictObject({
    data: z.array(item).optional(),
    includes: z.strictObject({ users: z.array(user), media: z.array(media), posts: z.array(z.unknown()) }).optional(),
    errors: z.array(problem).optional(),
    meta: z.strictObject({ result_count: z.int(), next_token: z.string().optional() }),
  })
const data = (shape: z.core.$ZodLooseShape) => z.strictObject({ data: z.strictObject(shape) })
const processing = z.strictObject({
  state: z.enum(['pending', 'in_progress', 'failed', 'succeeded']),
  check_after_secs: z.int().optional(),
  progress_percent: z.int().optional(),
})
const sentDm = {
  body: z.strictObject({
    text: z.string().min(1).optional(),
    attachments: z
      .array(z.strictObject({ media_id: id }))
      .min(1)
      .max(1)
      .optional(),
  }),
  answer: data({ dm_conversation_id: z.string(), dm_event_id: id }),
}
const none = z.strictObject({})
const hook = { id, url: z.url(), valid: z.boolean(), created_at: time }
const subscription = {
  subscription_id: id,
  event_type: z.string(),
  webhook_id: id,
  filter: z.strictObject({ user_id: id }),
}
const minute = z.string().regex(/^\d{12}$/)

interface Shape {
  readonly body?: z.ZodType
  readonly answer: z.ZodType
}
/** The calls this program makes, in our own words: what it sends, and what a yes looks like. */
const shapes: readonly (readonly [call: RegExp, Shape])[] = [
  [/^GET \/2\/users\/me$/, { answer: data({ id, name: z.string(), username: z.string() }) }],
  [/^GET \/2\/users\/\d+\/mentions$/, { answer: list(post) }],
  [/^GET \/2\/dm_events$/, { answer: list(dm) }],
  [/^GET \/2\/dm_conversations\/[\d-]+\/dm_events$/, { answer: list(dm) }],
  [/^GET \/2\/dm_conversations\/media\/\d+\/\d+\/[\w.-]+$/, { answer: z.never() }],
  [/^POST \/2\/dm_conversations\/(?:with\/\d+|[\d-]+)\/messages$/, sentDm],
  [
    /^POST \/2\/tweets$/,
    {
      body: z.strictObject({
        text: z.string().optional(),
        reply: z.strictObject({ in_reply_to_tweet_id: id }).optional(),
        media: z.strictObject({ media_ids: z.array(id).min(1).max(4) }).optional(),
      }),
      answer: data({ id, text: z.string(), edit_history_post_ids: z.array(id).optional() }),
    },
  ],
  [/^DELETE \/2\/tweets\/\d+$/, { answer: data({ deleted: z.literal(true) }) }],
  [
    /^POST \/2\/media\/upload\/initialize$/,
    {
      body: z.strictObject({
        media_type: z.string(),
        total_bytes: z.int().positive(),
        media_category: z.string().regex(/^(?:dm|tweet)_(?:image|gif|video)$/),
      }),
      answer: data({ id, media_key: z.string(), expires_after_secs: z.int() }),
    },
  ],
  [/^POST \/2\/media\/upload\/\d+\/append$/, { body: z.instanceof(FormData), answer: data({ expires_at: z.int() }) }],
  [
    /^POST \/2\/media\/upload\/\d+\/finalize$/,
    { answer: data({ id, media_key: z.string(), size: z.int(), processing_info: processing.optional() }) },
  ],
  [/^GET \/2\/media\/upload$/, { answer: data({ id, media_key: z.string().optional(), processing_info: processing }) }],
  [/^GET \/2\/webhooks$/, { answer: z.strictObject({ data: z.array(z.strictObject(hook)), meta: z.unknown() }) }],
  [/^POST \/2\/webhooks$/, { body: z.strictObject({ url: z.url() }), answer: data(hook) }],
  [
    /^POST \/2\/webhooks\/replay$/,
    {
      body: z.strictObject({ webhook_id: id, from_date: minute, to_date: minute }),
      answer: data({ job_id: id, created_at: time }),
    },
  ],
  [/^PUT \/2\/webhooks\/\d+$/, { answer: data({ valid: z.boolean() }) }],
  [/^GET \/2\/activity\/subscriptions$/, { answer: z.looseObject({ data: z.array(z.looseObject(subscription)) }) }],
  [
    /^POST \/2\/activity\/subscriptions$/,
    {
      body: z.strictObject({ event_type: z.string(), webhook_id: id, filter: z.strictObject({ user_id: id }) }),
      answer: z.strictObject({ data: z.looseObject({ subscription: z.looseObject(subscription) }) }),
    },
  ],
]

/** What these shapes have against a call or its answer. */
export function shapeObjections({ method, path, body, status, answer }: Exchange): string[] {
  const call = `${method} ${path}`
  const [, shape] = shapes.find(([known]) => known.test(call)) ?? []
  if (!shape) return [`${call}: not a call of ours`]
  const about = (what: string, schema: z.ZodType, value: unknown) =>
    (schema.safeParse(value).error?.issues ?? []).map(
      (issue) => `${call} ${what} ${issue.path.join('.')}: ${issue.message}`,
    )
  const refused = answer === undefined || status >= 400
  return [...about('body', shape.body ?? none, body), ...(refused ? [] : about('answer', shape.answer, answer))]
}
