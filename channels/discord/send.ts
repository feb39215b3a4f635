import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { EditRequest, ReactRequest, RemoveRequest, SendReceipt, SendRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { list } from '../../src/channel/lenient.ts'
import type { Link } from './link.ts'
import { channelOf, starterOf } from './places.ts'
import { emojiPath } from './read.ts'
import type { DiscordPayload } from './render.ts'
import { idAt, madeSchema, messageSchema, timeOf } from './wire.ts'

/** Nobody is notified by a name that stands in a reply. */
const quietly = { parse: [], replied_user: false } as const
/** How far back a lost answer is looked for. */
const lookBackMs = 30 * 60_000

export async function send(link: Link, request: SendRequest, signal: AbortSignal): Promise<SendReceipt> {
  const { part, thread, replyTo } = request
  await openThread(link, thread, part.text, signal)
  // Discord forgets a nonce after a few minutes; what a lost answer left behind may be older.
  const found = request.attempt > 1 ? await findSent(link, request, signal) : null
  if (found) return found
  const { content, files: named, components, first } = part.payload as DiscordPayload
  const files = await Promise.all(
    named.map(async ({ id, name, type }) => {
      const data = await buffer((await request.files.open(id)).stream)
      return { name: name.replace(/[\p{Cc}"\\/]/gu, '_').slice(0, 200) || 'file', data, contentType: type }
    }),
  )
  const body = {
    ...(content !== '' && { content }),
    nonce: nonceOf(request.idempotencyKey),
    enforce_nonce: true,
    allowed_mentions: quietly,
    ...(first && replyTo !== undefined && { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
    ...(components && { components }),
  }
  const path = `/channels/${channelOf(thread)}/messages`
  const sent = madeSchema.safeParse(await link.api.call('POST', path, { body, files, signal })).data
  if (!sent) throw new ChannelError({ kind: 'uncertain' }, 'Discord said yes but named no message.')
  return { externalId: sent.id, at: timeOf(sent.id) }
}

/** At most 25 characters. */
function nonceOf(key: string): string {
  return key.length <= 25 ? key : createHash('sha256').update(key).digest('base64url').slice(0, 25)
}

/** By the nonce, or by the words where the history has none. */
export async function findSent(link: Link, request: SendRequest, signal: AbortSignal): Promise<SendReceipt | null> {
  const found = await link.api.call('GET', `/channels/${channelOf(request.thread)}/messages?limit=50`, { signal })
  const since = BigInt(idAt(link.env.clock().getTime() - lookBackMs))
  const held = list(messageSchema).parse(found)
  const ours = held.filter(({ author, id }) => author.id === link.selfId && BigInt(id) >= since)
  const { content, files } = request.part.payload as DiscordPayload
  const known = await request.known(ours.map(({ id }) => id))
  const same = ({ id, nonce, ...one }: (typeof ours)[number]) =>
    nonce === undefined && one.content === content && one.attachments.length === files.length && !known.has(id)
  const sent = ours.find(({ nonce }) => nonce === nonceOf(request.idempotencyKey)) ?? ours.findLast(same)
  return sent ? { externalId: sent.id, at: timeOf(sent.id) } : null
}

/** A message of a support channel opens its thread; that it is open already is just as well. */
type Thread = SendRequest['thread']
export async function openThread(link: Link, thread: Thread, title: string, signal: AbortSignal): Promise<void> {
  const { places, api } = link
  const starter = starterOf(thread)
  if (!starter || (await places.get(starter.message, signal))) return
  const body = { name: title.replace(/\s+/g, ' ').trim().slice(0, 90) || 'Support', auto_archive_duration: 10_080 }
  const path = `/channels/${starter.parent}/messages/${starter.message}/threads`
  const made = await api.call('POST', path, { body, safe: true, signal }).catch(unless('(160004)'))
  places.forget(starter.message)
  if (made) places.learn(made)
}

/** It is so already. */
const unless = (sentence: string) => (error: unknown) => {
  if (!(error instanceof ChannelError) || !error.message.includes(sentence)) throw error
}

export async function edit({ api }: Link, request: EditRequest, signal: AbortSignal): Promise<SendReceipt> {
  const { content, components = [] } = request.part.payload as DiscordPayload
  await api.call('PATCH', messagePath(request), { body: { content, allowed_mentions: quietly, components }, signal })
  return { externalId: request.externalId }
}

export async function remove({ api }: Link, request: RemoveRequest, signal: AbortSignal): Promise<void> {
  await api.call('DELETE', messagePath(request), { signal }).catch(unless('(10008)'))
}

/** Ours becomes the set that is wanted, whatever it was. */
export async function react({ api }: Link, request: ReactRequest, signal: AbortSignal): Promise<void> {
  const path = messagePath(request)
  const told = messageSchema.safeParse(await api.call('GET', path, { signal })).data
  const mine = told?.reactions.filter(({ me }) => me).map(({ emoji }) => emojiPath(emoji)) ?? []
  const wanted = request.reactions.map((name) => encodeURIComponent(name))
  const change = (method: 'PUT' | 'DELETE', emoji: string) =>
    api.call(method, `${path}/reactions/${emoji}/@me`, { signal })
  for (const emoji of mine) if (!wanted.includes(emoji)) await change('DELETE', emoji)
  for (const emoji of wanted) if (!mine.includes(emoji)) await change('PUT', emoji)
}

/** What opened a thread lies in the channel, not in the thread. */
function messagePath({ thread, externalId }: RemoveRequest): string {
  const starter = starterOf(thread)
  const channel = starter?.message === externalId ? starter.parent : channelOf(thread)
  return `/channels/${channel}/messages/${encodeURIComponent(externalId)}`
}
