import twitterText from 'twitter-text'
import { namesUs } from './lists.ts'
import { cannotMessage, duplicate, invalid, notFound, notSummoned, type XAnswer, yes } from './problems.ts'
import { nextId, type XMedia, type XPost, type XState } from './state.ts'

export const dmMax = 10_000
export const postMax = 280

interface Sent {
  readonly answer: XAnswer
  /** Runs at most once, and only where nothing was refused. */
  readonly effect?: () => void
}
type Body = Readonly<Record<string, unknown>>

const no = (answer: XAnswer): Sent => ({ answer })

/** What our account sends to a person or into a group. */
export function sendDm(state: XState, conversation: string, body: Body): Sent {
  const { text = '', attachments = [], ...strange } = body as { text?: unknown; attachments?: { media_id: string }[] }
  if (Object.keys(strange).length > 0) return no(invalid('Unknown properties were found in the request body'))
  if (typeof text !== 'string' || (text === '' && attachments.length === 0))
    return no(invalid('text or attachments is required'))
  if (text.length > dmMax) return no(invalid(`text is too long: the maximum is ${dmMax} characters`))
  if (attachments.length > 1) return no(invalid('attachments: at most one is allowed'))
  const people = conversation.split('-')
  if (people.length === 2 && !people.includes(state.me.id)) return no(notFound)
  const other = people.find((id) => id !== state.me.id) ?? ''
  if (people.length === 2 && !state.users.has(other)) return no(notFound)
  if (state.blocked.has(other)) return no(cannotMessage)
  const media = mediaFor(
    state,
    attachments.map(({ media_id }) => media_id),
    'dm',
  )
  if ('status' in media) return no(media)
  const id = nextId(state)
  return {
    answer: yes({ data: { dm_conversation_id: conversation, dm_event_id: id } }, 201),
    effect: () =>
      void state.dms.push({ id, conversation, sender: state.me.id, text, at: state.clock(), media, posts: [] }),
  }
}

export function createPost(state: XState, body: Body): Sent {
  const {
    text = '',
    reply,
    media,
    ...strange
  } = body as {
    text?: string
    reply?: { in_reply_to_tweet_id: string }
    media?: { media_ids: string[] }
  }
  if (Object.keys(strange).length > 0) return no(invalid('Unknown properties were found in the request body'))
  if (text === '' && !media) return no(invalid('text or media is required'))
  const { weightedLength, valid } = twitterText.parseTweet(text)
  if (text !== '' && (weightedLength > postMax || !valid)) return no(invalid('Your post text is too long'))
  const to = state.posts.find(({ id, deleted }) => id === reply?.in_reply_to_tweet_id && !deleted)
  if (reply && !to) return no(notFound)
  if (to && !isSummoned(state, to)) return no(notSummoned)
  if (state.posts.some((one) => one.author === state.me.id && !one.deleted && text !== '' && one.text === text))
    return no(duplicate)
  if ((media?.media_ids.length ?? 0) > 4) return no(invalid('media.media_ids: at most 4 are allowed'))
  const attached = mediaFor(state, media?.media_ids ?? [], 'tweet')
  if ('status' in attached) return no(attached)
  const id = nextId(state)
  const post: XPost = {
    id,
    author: state.me.id,
    text,
    at: state.clock(),
    conversation: to?.conversation ?? id,
    ...(to && { replyTo: to.id }),
    media: attached,
    history: [id],
    deleted: false,
  }
  return {
    answer: yes({ data: { id, text, edit_history_post_ids: [id] } }, 201),
    effect: () => void state.posts.push(post),
  }
}

/** Since 23 February 2026 an app may answer only whoever mentioned or quoted its account. */
export function isSummoned(state: XState, post: XPost): boolean {
  const quoted = state.posts.find(({ id }) => id === post.quotes)
  return post.author === state.me.id || namesUs(state, post) || quoted?.author === state.me.id
}

export function deletePost(state: XState, id: string): XAnswer {
  const post = state.posts.find((one) => one.id === id && !one.deleted)
  if (!post) return notFound
  if (post.author !== state.me.id) return cannotMessage
  post.deleted = true
  return yes({ data: { deleted: true } })
}

function mediaFor(state: XState, ids: readonly string[], place: 'dm' | 'tweet'): XMedia[] | XAnswer {
  const found: XMedia[] = []
  for (const id of ids) {
    const upload = state.uploads.get(id)
    if (!upload?.finalized || upload.pending > 0) return invalid('Your media IDs are invalid.')
    if (!upload.category.startsWith(`${place}_`))
      return invalid('The media category does not fit this kind of message.')
    const type = { image: 'photo', gif: 'animated_gif', video: 'video' }[
      upload.category.split('_')[1] ?? ''
    ] as XMedia['type']
    const bytes = Buffer.concat([...upload.segments].sort(([a], [b]) => a - b).map(([, part]) => part))
    found.push({ key: `${type === 'photo' ? '3' : '7'}_${id}`, type, contentType: upload.type, bytes })
  }
  if (found.length > 1 && found.some(({ type }) => type !== 'photo')) return invalid('A GIF or a video stands alone.')
  return found
}
