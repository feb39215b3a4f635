import { dmActivity, envelope, postActivity } from './activity.ts'
import { namesUs } from './lists.ts'
import { ada, nextId, pair, type XDm, type XMedia, type XPost, type XState, type XUser } from './state.ts'

type Told = (type: string, body: unknown) => Promise<void>

/** What people do at X; each is told to whoever subscribed. */
export interface XWorld {
  dm(
    text: string,
    wish?: { from?: XUser; media?: readonly XMedia[]; posts?: readonly string[]; at?: number },
  ): Promise<XDm>
  post(
    text: string,
    wish?: { from?: XUser; replyTo?: string; quotes?: string; media?: readonly XMedia[] },
  ): Promise<XPost>
  /** A post is edited by a new one that knows the ones before. */
  editPost(id: string, text: string): Promise<XPost>
  /** Our own account, in X's own app. */
  dmFromApp(text: string, to?: XUser): Promise<XDm>
  postFromApp(text: string, replyTo?: string): Promise<XPost>
  typing(from?: XUser): Promise<void>
  read(upTo: string, from?: XUser): Promise<void>
  encrypted(from?: XUser): Promise<void>
  picture(bytes?: Buffer, contentType?: string): XMedia
}

export function customers(state: XState, tell: Told): XWorld {
  const say = async (type: string, body: unknown) => {
    state.activity.push({ at: state.clock(), type, body })
    await tell(type, body)
  }
  const addDm = async (dm: XDm) => {
    state.dms.push(dm)
    await say(dm.sender === state.me.id ? 'dm.sent' : 'dm.received', dmActivity(state, dm))
    return dm
  }
  const addPost = async (post: XPost) => {
    state.posts.push(post)
    const replied = state.posts.find(({ id }) => id === post.replyTo)
    if (post.author === state.me.id) await say('post.create', postActivity(state, 'post.create', post))
    else if (replied?.author === state.me.id)
      await say('post.reply.create', postActivity(state, 'post.reply.create', post))
    else if (namesUs(state, post)) await say('post.mention.create', postActivity(state, 'post.mention.create', post))
    return post
  }
  const newPost = (
    author: string,
    text: string,
    wish: { replyTo?: string; quotes?: string; media?: readonly XMedia[] },
  ): XPost => {
    const id = nextId(state)
    const to = state.posts.find((one) => one.id === wish.replyTo)
    return {
      id,
      author,
      text,
      at: state.clock(),
      conversation: to?.conversation ?? id,
      media: [],
      history: [id],
      deleted: false,
      ...wish,
    }
  }
  const signal = (from: XUser, more: object = {}) => ({
    sender_id: from.id,
    target: { recipient_id: state.me.id },
    created_timestamp: String(state.clock()),
    ...more,
  })
  return {
    dm: (text, { from = ada, media = [], posts = [], at = state.clock() } = {}) =>
      addDm({ id: nextId(state), conversation: pair(from.id, state.me.id), sender: from.id, text, at, media, posts }),
    dmFromApp: (text, to = ada) =>
      addDm({
        id: nextId(state),
        conversation: pair(to.id, state.me.id),
        sender: state.me.id,
        text,
        at: state.clock(),
        media: [],
        posts: [],
      }),
    post: (text, { from = ada, ...wish } = {}) => addPost(newPost(from.id, text, wish)),
    postFromApp: (text, replyTo) => addPost(newPost(state.me.id, text, replyTo === undefined ? {} : { replyTo })),
    editPost: (id, text) => {
      const at = state.posts.findIndex((one) => one.id === id)
      const [old] = state.posts.splice(at, 1)
      if (!old) throw new Error('no such post')
      const edited = nextId(state)
      return addPost({ ...old, id: edited, text, history: [...old.history, edited] })
    },
    typing: (from = ada) =>
      say(
        'dm.indicate_typing',
        envelope(state, 'dm.indicate_typing', { direct_message_indicate_typing_events: [signal(from)] }),
      ),
    read: (upTo, from = ada) =>
      say(
        'dm.read',
        envelope(state, 'dm.read', { direct_message_mark_read_events: [signal(from, { last_read_event_id: upTo })] }),
      ),
    encrypted: (from = ada) =>
      say(
        'chat.received',
        envelope(state, 'chat.received', {
          id: `e4f4d3fc-8bbf-4928-92eb-${nextId(state).slice(-12)}`,
          created_at_msec: String(state.clock()),
          sender_id: from.id,
          conversation_id: `${from.id}:${state.me.id}`,
          encoded_event: 'CwABAAAAEzIwODA0MDA4MjUyMjcxMDAxNjALAAIA',
        }),
      ),
    picture: (bytes = Buffer.from('picture'), contentType = 'image/jpeg') => ({
      key: `3_${nextId(state)}`,
      type: contentType.startsWith('video/') ? 'video' : 'photo',
      contentType,
      bytes,
    }),
  }
}
