import { createHmac, randomInt } from 'node:crypto'
import { dmShape, postShape } from './lists.ts'
import { invalid, notFound, type XAnswer, yes } from './problems.ts'
import { nextId, type XDm, type XHook, type XPost, type XState } from './state.ts'

/** How the stand-in reaches the address it was given: X calls from outside, a test has no public name. */
export type Reach = (call: {
  method: string
  url: URL
  headers: Record<string, string>
  body: Buffer
}) => Promise<{ status: number; body: string }>

const mac = (secret: string, data: string | Buffer) =>
  `sha256=${createHmac('sha256', secret).update(data).digest('base64')}`

export function signedHeaders({ credentials }: XState, body: Buffer): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-twitter-webhooks-signature': mac(credentials.apiSecret, body),
    'x-twitter-webhooks-signature-oauth2': mac(credentials.clientSecret, body),
  }
}

/** Challenge-response check: the address must answer with our token, signed. */
async function check(state: XState, hook: { url: string }, reach: Reach): Promise<boolean> {
  const token = `Challenge-${randomInt(1e9)}`
  const url = new URL(hook.url)
  url.searchParams.set('crc_token', token)
  const { status, body } = await reach({ method: 'GET', url, headers: {}, body: Buffer.alloc(0) }).catch(() => ({
    status: 0,
    body: '',
  }))
  const right = [mac(state.credentials.clientSecret, token), mac(state.credentials.apiSecret, token)]
  return status === 200 && right.some((one) => body.includes(JSON.stringify(one).slice(1, -1)))
}

export async function createHook(state: XState, url: unknown, reach: Reach): Promise<XAnswer> {
  if (typeof url !== 'string' || !url.startsWith('https://') || new URL(url).port !== '' || url.length > 200) {
    return invalid('url: must be https, without a port, at most 200 characters')
  }
  if (state.hooks.some((one) => one.url === url)) return invalid('A webhook of this url exists already')
  if (!(await check(state, { url }, reach))) return invalid('CrcValidationFailed')
  const hook: XHook = { id: nextId(state), url, valid: true, created_at: new Date(state.clock()).toISOString() }
  state.hooks.push(hook)
  return yes({ data: { ...hook } })
}

export async function revive(state: XState, id: string, reach: Reach): Promise<XAnswer> {
  const hook = state.hooks.find((one) => one.id === id)
  if (!hook) return notFound
  if (!(await check(state, hook, reach))) return invalid('CrcValidationFailed')
  hook.valid = true
  return yes({ data: { valid: true } })
}

/** X asks again by itself; a wrong answer switches the webhook off at once. */
export async function periodicCheck(state: XState, reach: Reach): Promise<void> {
  for (const hook of state.hooks) hook.valid = await check(state, hook, reach)
}

export function subscribe(state: XState, body: Readonly<Record<string, unknown>>): XAnswer {
  const { event_type, webhook_id, filter } = body as {
    event_type: string
    webhook_id: string
    filter: { user_id: string }
  }
  if (!state.hooks.some(({ id }) => id === webhook_id)) return invalid('webhook_id')
  const subscription = { id: nextId(state), event_type, webhook_id, user_id: filter.user_id }
  state.subscriptions.push(subscription)
  return yes({ data: { subscription: shape(subscription) } })
}

function shape({ id, event_type, webhook_id, user_id }: XState['subscriptions'][number]) {
  return { subscription_id: id, event_type, webhook_id, filter: { user_id } }
}

export const listed = (state: XState): XAnswer => yes({ data: state.subscriptions.map(shape) })

/** Tells whoever subscribed, in the order it happened, once; what is not taken with 200 is not told again but by a replay. */
export async function tell(state: XState, type: string, body: unknown, reach: Reach): Promise<void> {
  for (const { event_type, webhook_id } of state.subscriptions) {
    const hook = state.hooks.find(({ id }) => id === webhook_id)
    if (event_type === type && hook?.valid) await deliver(state, hook, body, reach)
  }
}

async function deliver(state: XState, hook: XHook, told: unknown, reach: Reach): Promise<void> {
  const body = Buffer.from(JSON.stringify(told))
  await reach({ method: 'POST', url: new URL(hook.url), headers: signedHeaders(state, body), body }).catch(() => {})
}

export async function replay(state: XState, body: Readonly<Record<string, unknown>>, reach: Reach): Promise<XAnswer> {
  const { webhook_id, from_date, to_date } = body as Record<string, string>
  const hook = state.hooks.find(({ id }) => id === webhook_id)
  const time = (minute = '') =>
    /^\d{12}$/.test(minute) ? Date.parse(minute.replace(/(....)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:00Z')) : Number.NaN
  const [from, to] = [time(from_date), time(to_date)]
  if (!hook || Number.isNaN(from) || Number.isNaN(to)) return invalid('from_date, to_date: 12 digits')
  const missed = state.activity.filter(({ at }) => at >= from && at <= to + 60_000)
  setImmediate(() => {
    const run = async () => {
      for (const one of missed) await tell(state, one.type, one.body, reach)
    }
    run().catch(() => {})
  })
  return yes({ data: { job_id: nextId(state), created_at: new Date(state.clock()).toISOString() } })
}

/** Direct messages keep their old shape. */
export function dmActivity(state: XState, dm: XDm): unknown {
  const [one = '', other = ''] = dm.conversation.split('-')
  const { text, entities } = dmShape(state, dm) as { text: string; entities: { urls: unknown[] } }
  const photo = dm.media[0]
  const event = {
    type: 'message_create',
    id: dm.id,
    created_timestamp: String(dm.at),
    message_create: {
      target: { recipient_id: dm.sender === one ? other : one },
      sender_id: dm.sender,
      message_data: {
        text,
        entities: { hashtags: [], symbols: [], user_mentions: [], urls: entities.urls },
        ...(photo && {
          attachment: {
            type: 'media',
            media: {
              id_str: photo.key.replace(/^\d_/, ''),
              type: photo.type,
              url: `https://t.co/pic${dm.id.slice(-6)}`,
              media_url_https: `https://ton.twitter.com/1.1/ton/data/dm/${dm.id}/1/${photo.key}.jpeg`,
            },
          },
        }),
      },
    },
  }
  const users = Object.fromEntries([...state.users].map(([id, user]) => [id, { data: user }]))
  const type = dm.sender === state.me.id ? 'dm.sent' : 'dm.received'
  return envelope(state, type, { direct_message_events: [event], users })
}

export function postActivity(state: XState, type: string, post: XPost): unknown {
  const users = [...state.users.values()].filter(({ id }) => id === post.author)
  const told = envelope(state, type, postShape(state, post)) as { data: Record<string, unknown> }
  return { data: { ...told.data, includes: { users } } }
}

export function envelope(state: XState, type: string, payload: unknown): unknown {
  return {
    data: { event_uuid: nextId(state), filter: { user_id: state.me.id }, event_type: type, tag: 'desk', payload },
  }
}
