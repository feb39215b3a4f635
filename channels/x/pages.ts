import { ChannelError } from '../../src/channel/errors.ts'
import type { Room, XApi } from './client.ts'
import { unreadable } from './errors.ts'
import { type Page, page } from './wire.ts'

/** X calls the same things posts or tweets, by the age of what answers. */
export type Words = 'post' | 'tweet'
export type Query = (words: Words) => Readonly<Record<string, string>>

const shared = { 'user.fields': 'id,name,profile_image_url,username', 'media.fields': 'media_key,type,url,variants' }
const postFields = 'attachments,conversation_id,created_at,entities,id,lang,text'

export const dmQuery: Query = (words) => ({
  ...shared,
  event_types: 'MessageCreate',
  'dm_event.fields':
    words === 'post'
      ? 'attachments,created_at,dm_conversation_id,entities,event_type,id,text'
      : 'attachments,created_at,dm_conversation_id,entities,event_type,id,text,sender_id,referenced_tweets',
  expansions: `sender_id,attachments.media_keys,${words === 'post' ? 'referenced_posts' : 'referenced_tweets.id'}`,
  [`${words}.fields`]: words === 'post' ? 'id,text' : 'id,text,author_id',
})

export const mentionQuery: Query = (words) => ({
  ...shared,
  expansions:
    words === 'post'
      ? 'author_id,attachments.media_keys,referenced_posts,in_reply_to_user_id,edit_history_post_ids'
      : 'author_id,attachments.media_keys,referenced_tweets.id,in_reply_to_user_id,edit_history_tweet_ids',
  [`${words}.fields`]:
    words === 'post'
      ? `${postFields},note_post`
      : `${postFields},note_tweet,author_id,referenced_tweets,in_reply_to_user_id`,
})

export interface Listed extends Page {
  readonly room: Room | null
}

/** One page of a list, newest first. */
export async function list(
  x: XApi,
  path: string,
  { query, more = {} }: { readonly query: Query; readonly more?: Readonly<Record<string, string | undefined>> },
  signal: AbortSignal,
): Promise<Listed> {
  const given = Object.fromEntries(
    Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const words = x.dialect.words
  const ask = async (as: Words) => {
    const asked = { ...query(as), ...given }
    const { data, room } = await x.call({ method: 'GET', path, query: asked, purpose: 'read', signal })
    const read = page.safeParse(data).data
    if (!read) throw unreadable('read')
    return { ...read, room }
  }
  try {
    return await ask(words)
  } catch (error) {
    const refused =
      error instanceof ChannelError && error.failure.kind === 'rejected' && error.failure.reason === 'other'
    if (!refused || words === 'tweet') throw error
    x.dialect.words = 'tweet'
    return ask('tweet')
  }
}
