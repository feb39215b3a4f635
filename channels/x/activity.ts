import { z } from 'zod'
import type { InboundEvent, ThreadKey } from '../../src/channel/contract.ts'
import { dmEventOf, type Me, postEventsOf, senderOf } from './parse.ts'
import { dmThread, encryptedThread, pairOf } from './threads.ts'
import * as wire from './wire.ts'

export interface Told {
  readonly events: readonly InboundEvent[]
  readonly ignored: readonly { readonly reason: string }[]
  readonly typing: readonly ThreadKey[]
}

const nothing: Told = { events: [], ignored: [], typing: [] }
const because = (reason: string): Told => ({ ...nothing, ignored: [{ reason }] })
const happened = (events: readonly InboundEvent[]): Told =>
  events.length > 0 ? { ...nothing, events } : because('own post')

/** What X calls us with. Never throws: what cannot be understood is counted as ignored, with a reason. */
export function parseActivity(body: unknown, me: Me): Told {
  const data = z.object({ data: wire.activity }).safeParse(body).data?.data
  if (!data) return because('malformed')
  if (data.filter.user_id !== undefined && data.filter.user_id !== me.id) return because('another account')
  const { payload, includes } = data
  switch (data.event_type) {
    case 'dm.received':
    case 'dm.sent':
      return together(payload['direct_message_events'], (raw) => oldDmEvent(raw, payload['users'], me))
    case 'dm.indicate_typing':
      return together(payload['direct_message_indicate_typing_events'] ?? [payload], (raw) => typing(raw, me))
    case 'dm.read':
      return together(payload['direct_message_mark_read_events'] ?? [payload], (raw) => read(raw, me))
    case 'chat.received':
      return locked(payload, includes)
    case 'post.mention.create':
    case 'post.reply.create':
    case 'post.create': {
      const post = wire.parsePost(payload)
      return post ? happened(postEventsOf(post, includes, me, payload)) : because('malformed')
    }
    default:
      return because('another kind')
  }
}

function together(all: unknown, each: (raw: unknown) => Told): Told {
  const told = Array.isArray(all) ? all.slice(0, 1_000).map(each) : [because('malformed')]
  return {
    events: told.flatMap((one) => one.events),
    ignored: told.flatMap((one) => one.ignored),
    typing: told.flatMap((one) => one.typing),
  }
}

/** The old shape as the new one, so that both give the same event. */
function oldDmEvent(raw: unknown, users: unknown, me: Me): Told {
  const old = wire.oldDm.safeParse(raw).data
  if (!old) return because('malformed')
  const { sender_id, target, message_data: said } = old.message_create
  const media = said.attachment?.media
  const short = media?.url === undefined ? [] : [{ url: media.url, expanded_url: '/messages/media/1' }]
  const dm: wire.WireDm = {
    id: old.id,
    event_type: 'MessageCreate',
    text: said.text,
    sender_id,
    dm_conversation_id: pairOf(sender_id, target.recipient_id),
    created_at: old.created_timestamp,
    entities: { urls: [...short, ...(said.entities?.urls ?? [])], mentions: [] },
    attachments: { media_keys: media ? [media.id_str] : [] },
    referenced_posts: [],
  }
  const known = media && {
    media_key: media.id_str,
    type: media.type,
    url: media.media_url_https,
    variants: media.video_info?.variants ?? [],
  }
  const includes = { users: wire.oldUsers.parse(users), media: known ? [known] : [], posts: [] }
  return { ...nothing, events: [dmEventOf(dm, includes, me, raw)] }
}

function typing(raw: unknown, me: Me): Told {
  const from = wire.oldSignal.safeParse(raw).data
  if (!from || from.sender_id === me.id) return because('malformed')
  return { ...nothing, typing: [dmThread(pairOf(from.sender_id, me.id)).key] }
}

/** Everything of ours up to the event named was read. */
function read(raw: unknown, me: Me): Told {
  const from = wire.oldSignal.safeParse(raw).data
  if (from?.last_read_event_id === undefined || from.sender_id === me.id) return because('malformed')
  const thread = dmThread(pairOf(from.sender_id, me.id))
  const event: InboundEvent = {
    kind: 'receipt',
    receipt: 'read',
    upTo: true,
    eventId: `read:${thread.key}:${from.last_read_event_id}`,
    externalId: from.last_read_event_id,
    thread,
    occurredAt: from.created_timestamp,
    raw,
  }
  return { ...nothing, events: [event] }
}

/** Nothing but the account's own devices can read it; agents must at least see that somebody wrote. */
function locked(payload: unknown, includes: wire.Includes): Told {
  const chat = wire.encrypted.safeParse(payload).data
  if (!chat) return because('malformed')
  const event: InboundEvent = {
    kind: 'message',
    eventId: `chat:${chat.id}`,
    externalId: chat.id,
    thread: encryptedThread(chat.conversation_id),
    sender: senderOf(chat.sender_id, includes.users),
    occurredAt: chat.created_at_msec,
    text: 'Encrypted message: it cannot be read here. Answer it in X’s own app.',
    raw: { id: chat.id, sender_id: chat.sender_id },
  }
  return { ...nothing, events: [event] }
}
