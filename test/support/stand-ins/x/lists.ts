import { invalid, notFound, type XAnswer, yes } from './problems.ts'
import { unknownName } from './shapes.ts'
import type { XDm, XMedia, XPost, XState, XUser } from './state.ts'

const dmDays = 30 * 24 * 60 * 60_000
const newestMentions = 800
type Query = URLSearchParams

/** What is asked for by names that X does not know; before the renaming it knew others. */
function wrongName(state: XState, list: 'dm' | 'mention', query: Query): XAnswer | null {
  const old = /\bpost\.fields|referenced_posts/.exec([...query.keys(), query.get('expansions')].join(' '))?.[0]
  const found = state.oldWords ? old : unknownName(list, query)
  return found === undefined ? null : invalid(`The query parameter [${found}] is not one of the allowed values`)
}

/** Newest first, by tokens that name the place to go on from. */
function paged<T extends { id: string }>(
  query: Query,
  all: readonly T[],
  smallest: number,
): { page: T[]; next?: string } | XAnswer {
  const size = Number(query.get('max_results') ?? 100)
  if (!(size >= smallest && size <= 100)) return invalid('The `max_results` query parameter value is not valid')
  const token = query.get('pagination_token')
  const before = token === null ? null : /^page-of-(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (before === undefined) return invalid('The `pagination_token` query parameter value is not valid')
  const rest = all.filter(({ id }) => before === null || BigInt(id) < BigInt(before))
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return { page, ...(rest.length > size && last && { next: Buffer.from(`page-of-${last.id}`).toString('base64url') }) }
}

export function dmEvents(state: XState, query: Query, conversation?: string): XAnswer {
  const edge = state.clock() - dmDays
  const all = state.dms.filter((dm) => dm.at > edge && (conversation === undefined || dm.conversation === conversation))
  return wrongName(state, 'dm', query) ?? answer(state, query, { all: all.toReversed(), smallest: 1, shape: dmShape })
}

export function mentions(state: XState, query: Query): XAnswer {
  const since = query.get('since_id')
  const ours = state.posts
    .filter((post) => !post.deleted && post.author !== state.me.id && namesUs(state, post))
    .toReversed()
    .slice(0, newestMentions)
    .filter(({ id }) => since === null || BigInt(id) > BigInt(since))
  return wrongName(state, 'mention', query) ?? answer(state, query, { all: ours, smallest: 5, shape: postShape })
}

export function namesUs(state: XState, post: XPost): boolean {
  const replied = state.posts.find(({ id }) => id === post.replyTo)
  return new RegExp(`@${state.me.username}\\b`, 'i').test(post.text) || replied?.author === state.me.id
}

interface Listing<T> {
  readonly all: readonly T[]
  readonly smallest: number
  readonly shape: (state: XState, item: T) => Record<string, unknown>
}

function answer<T extends XDm | XPost>(state: XState, query: Query, { all, smallest, shape }: Listing<T>): XAnswer {
  const found = paged(query, all, smallest)
  if ('status' in found) return found
  const { page, next } = found
  const nonsense = state.anything.splice(0)
  const data = [...nonsense, ...page.map((item) => shape(state, item))]
  return yes({
    ...(data.length > 0 && { data: data.map((one) => worded(state, one)) }),
    ...(page.length > 0 && { includes: worded(state, includesOf(state, page)) }),
    // A yes may carry refusals of single things.
    ...(page.length > 0 && {
      errors: [
        {
          title: 'Not Found Error',
          detail: 'Could not find post',
          type: 'https://api.x.com/2/problems/resource-not-found',
          resource_type: 'post',
        },
      ],
    }),
    meta: { result_count: page.length, ...(next !== undefined && { next_token: next }) },
  })
}

function worded(state: XState, value: unknown): unknown {
  if (!state.oldWords || value === undefined) return value
  return JSON.parse(JSON.stringify(value).replace(/"([a-z_]*)post(s?)([a-z_]*)":/g, '"$1tweet$2$3":')) as unknown
}

function includesOf(state: XState, page: readonly (XDm | XPost)[]) {
  const people = new Set(page.map((item) => ('sender' in item ? item.sender : item.author)))
  const quoted = page.flatMap((item): (string | undefined)[] =>
    'sender' in item ? [...item.posts] : [item.quotes, item.replyTo],
  )
  const posts = state.posts.filter(({ id }) => quoted.includes(id))
  const users = [...people, ...posts.map(({ author }) => author)].flatMap((id) => state.users.get(id) ?? [])
  const base = mediaBase(state)
  return {
    users: [...new Set(users)].map(({ id, name, username }: XUser) => ({ id, name, username })),
    media: page.flatMap((item) => item.media.map((media) => mediaShape(item, media, base))),
    posts: posts.map(({ id, text, author }) => ({ id, text, author_id: author })),
  }
}

export function mediaBase({ requests }: XState): string {
  return (requests as { base?: string }).base ?? 'https://pbs.twimg.com'
}

function mediaShape(item: XDm | XPost, media: XMedia, base: string) {
  const ending = media.contentType.split('/')[1] ?? 'bin'
  const url =
    'sender' in item && media.type === 'photo'
      ? `${base}/1.1/ton/data/dm/${item.id}/${media.key.replace('3_', '')}/${media.key}.${ending}`
      : `${base}/media/${media.key}.${ending}`
  if (media.type === 'photo') return { media_key: media.key, type: 'photo', url }
  const variants = [
    { bit_rate: 256_000, content_type: 'video/mp4', url: `${url}?small` },
    { bit_rate: 2_176_000, content_type: 'video/mp4', url },
    { content_type: 'application/x-mpegURL', url: `${url}.m3u8` },
  ]
  return { media_key: media.key, type: media.type, variants }
}

const iso = (at: number) => new Date(at).toISOString()
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const urls = (text: string) =>
  [...text.matchAll(/https?:\/\/\S+/g)].map((match, index) => ({
    url: `https://t.co/${index}${'abcdefgh'}`,
    expanded_url: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))

function shortened(text: string): string {
  return urls(text).reduce((all, one) => all.replace(one.expanded_url, one.url), text)
}

export function dmShape(_state: XState, dm: XDm): Record<string, unknown> {
  const media = dm.media.map(({ key }) => key)
  const picture =
    media.length > 0
      ? [
          {
            url: `https://t.co/pic${dm.id.slice(-6)}`,
            expanded_url: `https://x.com/messages/media/${dm.id}`,
            start: 0,
            end: 1,
          },
        ]
      : []
  const words = [shortened(dm.text), ...picture.map(({ url }) => url)].filter(Boolean).join(' ')
  return {
    id: dm.id,
    event_type: 'MessageCreate',
    text: escaped(words),
    sender_id: dm.sender,
    dm_conversation_id: dm.conversation,
    created_at: iso(dm.at),
    entities: { urls: [...urls(dm.text), ...picture] },
    ...(media.length > 0 && { attachments: { media_keys: media } }),
    ...(dm.posts.length > 0 && { referenced_posts: dm.posts.map((id) => ({ id })) }),
  }
}

export function postShape(state: XState, post: XPost): Record<string, unknown> {
  const replied = state.posts.find(({ id }) => id === post.replyTo)
  const references = [
    ...(post.replyTo ? [{ type: 'replied_to', id: post.replyTo }] : []),
    ...(post.quotes ? [{ type: 'quoted', id: post.quotes }] : []),
  ]
  // Who is answered stands before the words, where X's own app hides it.
  const to = replied && replied.author !== post.author ? state.users.get(replied.author) : undefined
  const text = to ? `@${to.username} ${post.text}` : post.text
  const mentions = [...state.users.values()].filter(({ username }) => new RegExp(`@${username}\\b`, 'i').test(text))
  return {
    id: post.id,
    text: escaped(shortened(text)),
    author_id: post.author,
    conversation_id: post.conversation,
    created_at: iso(post.at),
    lang: 'en',
    edit_history_post_ids: post.history,
    entities: {
      urls: urls(post.text),
      mentions: mentions.map(({ id, username }) => ({ id, username, start: 0, end: 1 })),
    },
    ...(replied && { in_reply_to_user_id: replied.author }),
    ...(references.length > 0 && { referenced_posts: references }),
    ...(post.media.length > 0 && { attachments: { media_keys: post.media.map(({ key }) => key) } }),
  }
}

export function mediaOf(state: XState, key: string): XMedia | XAnswer {
  const all = [...state.dms, ...state.posts].flatMap(({ media }) => media)
  return all.find((one) => one.key === key) ?? notFound
}
