import type { InboundEvent, RemoteAttachment, Sender } from '../../src/channel/contract.ts'
import { dmThread, postThread } from './threads.ts'
import type { Includes, WireDm, WireMedia, WirePost, WireUser } from './wire.ts'

/** Our own account. */
export interface Me {
  readonly id: string
  readonly username: string
}

export function dmEventOf(dm: WireDm, includes: Includes, me: Me, raw: unknown): InboundEvent {
  const media = mediaOf(dm.attachments?.media_keys, includes)
  const said = spoken({ text: dm.text, links: dm.entities?.urls ?? [], quotes: dm.referenced_posts, media, includes })
  const common = {
    eventId: `dm:${dm.id}`,
    externalId: dm.id,
    thread: dmThread(dm.dm_conversation_id),
    occurredAt: dm.created_at,
    raw,
    ...said,
  }
  if (dm.sender_id === me.id) return { ...common, kind: 'echo' }
  return { ...common, kind: 'message', sender: senderOf(dm.sender_id, includes.users) }
}

/** What somebody else wrote about us or to us. An edited post has a new id: it is the first one's words, and an edit of it. */
export function postEventsOf(post: WirePost, includes: Includes, me: Me, raw: unknown): InboundEvent[] {
  if (post.author_id === me.id) return ownPost(post, includes, raw)
  const first = post.edit_history_post_ids[0] ?? post.id
  const sender: Sender = {
    ...senderOf(post.author_id, includes.users),
    ...(post.lang !== undefined && post.lang !== 'und' && { language: post.lang }),
  }
  const thread = postThread(rootOf(post), post.author_id, isSummoned(post, includes, me))
  const common = { externalId: first, thread, sender, occurredAt: post.created_at, raw }
  const said = words(post, includes)
  const answered = post.referenced_posts.find(({ type }) => type === 'replied_to')
  const message: InboundEvent = {
    ...common,
    ...said,
    kind: 'message',
    eventId: `post:${first}`,
    ...(answered && { replyTo: answered.id }),
  }
  if (first === post.id) return [message]
  return [message, { ...common, kind: 'edit', eventId: `post:${post.id}`, text: said.text }]
}

/** The post that the conversation began with, by its first id. */
export function rootOf(post: WirePost): string {
  const first = post.edit_history_post_ids[0] ?? post.id
  const named = post.conversation_id ?? first
  return post.edit_history_post_ids.includes(named) ? first : named
}

/** Written by us in X's own app; only an answer to somebody belongs into a conversation. */
function ownPost(post: WirePost, includes: Includes, raw: unknown): InboundEvent[] {
  const to = post.in_reply_to_user_id
  if (to === undefined || to === post.author_id || post.conversation_id === undefined) return []
  const answered = post.referenced_posts.find(({ type }) => type === 'replied_to')
  const echo: InboundEvent = {
    kind: 'echo',
    eventId: `post:${post.id}`,
    externalId: post.id,
    thread: postThread(post.conversation_id, to, true),
    occurredAt: post.created_at,
    raw,
    ...words(post, includes),
    ...(answered && { replyTo: answered.id }),
  }
  return [echo]
}

/** X lets an app answer only who mentioned or quoted the account. */
function isSummoned(post: WirePost, includes: Includes, me: Me): boolean {
  const mentions = [...(post.entities?.mentions ?? []), ...(post.note_post?.entities?.mentions ?? [])]
  const name = me.username.toLowerCase()
  if (mentions.some((one) => one.id === me.id || one.username?.toLowerCase() === name)) return true
  const quotes = post.referenced_posts.filter(({ type }) => type === 'quoted').map(({ id }) => id)
  return includes.posts.some((one) => quotes.includes(one.id) && one.author_id === me.id)
}

function words(post: WirePost, includes: Includes) {
  const { text, entities } = post.note_post ?? post
  const quotes = post.referenced_posts.filter(({ type }) => type === 'quoted')
  const media = mediaOf(post.attachments?.media_keys, includes)
  // Who is answered stands before the words, where X's own app hides it.
  const said = post.in_reply_to_user_id === undefined ? text : text.replace(/^(?:@\w{1,15}\s+){1,50}/, '')
  return spoken({ text: said, links: entities?.urls ?? [], quotes, media, includes })
}

export function senderOf(id: string, users: readonly WireUser[]): Sender {
  const known = users.find((one) => one.id === id)
  const name = known?.name ?? known?.username
  const picture = known?.profile_image_url
  return {
    key: id,
    ...(name !== undefined && { name }),
    ...(known?.username !== undefined && { profile: { username: `@${known.username}` } }),
    // The one in the answer is 48 pixels wide.
    ...(picture !== undefined && {
      picture: { name: 'portrait', ref: { url: picture.replace('_normal.', '_bigger.') } },
    }),
  }
}

interface Said {
  readonly text: string
  readonly links: readonly { readonly url: string; readonly expanded_url: string }[]
  readonly quotes: readonly { readonly id: string }[]
  readonly media: readonly WireMedia[]
  readonly includes: Includes
}

/** The words with short links written out, quoted posts below, and the links that only stand for a picture left out. */
export function spoken({ text, links, quotes, media, includes }: Said): {
  text: string
  attachments?: RemoteAttachment[]
} {
  let said = text
  for (const { url, expanded_url: target } of links.slice(0, 100)) {
    const shown = media.length > 0 && /\/(?:photo|video)\/\d+$|\/messages\/media\//.test(target)
    const isQuote = quotes.some(({ id }) => new RegExp(`/status/${id}(?:$|[?/])`).test(target))
    said = said.replaceAll(url, () => (shown || isQuote ? '' : target))
  }
  // X escapes these three, and no others.
  said = said.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
  const below = quotes.slice(0, 5).map(({ id }) => quoteOf(id, includes))
  const attachments = media.flatMap(attachmentOf)
  return {
    text: [said, ...below].filter((piece) => piece !== '').join('\n\n'),
    ...(attachments.length > 0 && { attachments }),
  }
}

function quoteOf(id: string, { posts, users }: Includes): string {
  const post = posts.find((one) => one.id === id)
  const author = users.find((one) => one.id === post?.author_id)?.username
  const lines = post ? post.text.split('\n').map((line) => `> ${line}`) : []
  return [...lines, `https://x.com/${author ?? 'i'}/status/${id}`].join('\n')
}

function mediaOf(keys: readonly string[] | undefined, includes: Includes): WireMedia[] {
  return (keys ?? []).flatMap((key) => includes.media.find((one) => one.media_key === key) ?? [])
}

function attachmentOf(media: WireMedia): RemoteAttachment[] {
  const isPicture = media.type === 'photo'
  const rate = (one: WireMedia['variants'][number]) => one.bit_rate ?? one.bitrate ?? 0
  const films = media.variants.filter((one) => one.content_type === 'video/mp4').sort((a, b) => rate(b) - rate(a))
  const url = isPicture ? media.url : (films[0]?.url ?? media.url)
  if (url === undefined) return []
  const ending = /\.([a-z0-9]{2,4})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? (isPicture ? 'jpg' : 'mp4')
  const type = isPicture ? `image/${ending === 'jpg' ? 'jpeg' : ending}` : 'video/mp4'
  return [{ name: `${isPicture ? 'picture' : 'video'}-${media.media_key}.${ending}`, type, ref: { url } }]
}
