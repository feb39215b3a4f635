import { setTimeout as pause } from 'node:timers/promises'
import type { RemoveRequest, SendReceipt, SendRequest, ThreadRef } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { XApi } from './client.ts'
import { isPlan, unreadable } from './errors.ts'
import { dmQuery, list, mentionQuery } from './pages.ts'
import { dmEventOf, type Me, rootOf } from './parse.ts'
import type { XFile, XPayload } from './render.ts'
import { conversationOf, personOf } from './threads.ts'
import { mediaState, parseDm, parsePost, sentDm, sentPost } from './wire.ts'

/** What comes before the message itself (uploads, look-ups) shows nothing to anybody: it may be done again. */
export async function send(x: XApi, me: Me, request: SendRequest, signal: AbortSignal): Promise<SendReceipt> {
  const { text, files } = request.part.payload as XPayload
  const isPublic = request.thread.audience === 'public'
  const [part, name] = isPublic ? ['post out', 'public answers'] : ['dm out', 'direct messages']
  try {
    const media: string[] = []
    for (const file of files) media.push(await upload(x, request, { file, isPublic, signal }))
    const ready = { request, text, media, signal }
    const receipt = await (isPublic ? post(x, me, ready) : directMessage(x, ready))
    x.warnings.set(part, null)
    return receipt
  } catch (error) {
    if (isPlan(error)) x.warnings.set(part, `No ${name} can be sent. ${(error as ChannelError).message}`)
    throw error
  }
}

interface Ready {
  readonly request: SendRequest
  readonly text: string
  readonly media: readonly string[]
  readonly signal: AbortSignal
}

async function directMessage(x: XApi, { request, text, media, signal }: Ready): Promise<SendReceipt> {
  const path = `dm_conversations/${conversationOf(request.thread)}/messages`
  const attachments = media.map((media_id) => ({ media_id }))
  const body = { ...(text !== '' && { text }), ...(media.length > 0 && { attachments }) }
  const { data } = await x.call({ method: 'POST', path, body, purpose: 'dm', signal })
  const sent = sentDm.safeParse(data).data
  if (!sent) throw unreadable('dm')
  return { externalId: sent.data.dm_event_id }
}

async function post(x: XApi, me: Me, { request, text, media, signal }: Ready): Promise<SendReceipt> {
  const to = request.replyTo ?? (await newestOf(x, me, request.thread, signal))
  const body = {
    ...(text !== '' && { text }),
    reply: { in_reply_to_tweet_id: to },
    ...(media.length > 0 && { media: { media_ids: media } }),
  }
  const { data } = await x.call({ method: 'POST', path: 'tweets', body, purpose: 'post', signal })
  const sent = sentPost.safeParse(data).data
  if (!sent) throw unreadable('post')
  return { externalId: sent.data.id }
}

const deepest = 3

/** The customer's newest post here, which asked us to answer: a reply must name one, and nobody said which. */
async function newestOf(x: XApi, me: Me, thread: ThreadRef, signal: AbortSignal): Promise<string> {
  let token: string | undefined
  for (let depth = 0; depth < deepest; depth++) {
    const more = { max_results: '100', pagination_token: token }
    const { data, meta } = await list(x, `users/${me.id}/mentions`, { query: mentionQuery, more }, signal)
    const posts = data.flatMap((raw) => parsePost(raw) ?? [])
    const found = posts.find((one) => one.author_id === personOf(thread) && rootOf(one) === conversationOf(thread))
    if (found) return found.id
    token = meta.next_token
    if (token === undefined) break
  }
  const sentence =
    'The post to answer was not found among the newest mentions. Reply to one message of the conversation.'
  throw new ChannelError({ kind: 'rejected', reason: 'threadGone' }, sentence)
}

/** Bytes of one piece; X takes up to 5 MB, and one piece is in memory at a time. */
const pieceBytes = 2_000_000

interface Upload {
  readonly file: XFile
  readonly isPublic: boolean
  readonly signal: AbortSignal
}

async function upload(x: XApi, request: SendRequest, { file, isPublic, signal }: Upload): Promise<string> {
  const ask = async (
    path: string,
    body: { readonly body: Readonly<Record<string, unknown>> } | { readonly form: FormData },
  ) => (await x.call({ method: 'POST', path: `media/upload/${path}`, ...body, purpose: 'read', signal })).data
  const category = `${isPublic ? 'tweet' : 'dm'}_${file.kind}`
  const asked = { media_type: file.type, total_bytes: file.size, media_category: category }
  const { id } = stateOf(await ask('initialize', { body: asked }))
  const { stream } = await request.files.open(file.id)
  let index = 0
  for await (const piece of pieces(stream)) {
    const form = new FormData()
    form.set('segment_index', String(index++))
    form.set('media', new Blob([new Uint8Array(piece)]), 'media')
    await ask(`${id}/append`, { form })
  }
  let state = stateOf(await ask(`${id}/finalize`, { body: {} }))
  while (state.processing_info && state.processing_info.state !== 'succeeded') {
    if (state.processing_info.state === 'failed') {
      throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, `X could not read “${file.name}”.`)
    }
    await pause(Math.max(50, state.processing_info.check_after_secs * 1_000), undefined, { signal }).catch(() => {
      throw new ChannelError({ kind: 'unavailable' }, `X had not finished with “${file.name}” in time.`)
    })
    const query = { command: 'STATUS', media_id: id }
    state = stateOf((await x.call({ method: 'GET', path: 'media/upload', query, purpose: 'read', signal })).data)
  }
  return id
}

function stateOf(data: unknown) {
  const state = mediaState.safeParse(data).data
  if (state) return state.data
  throw unreadable('read')
}

async function* pieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0)
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk])
    for (; held.length >= pieceBytes; held = held.subarray(pieceBytes)) yield held.subarray(0, pieceBytes)
  }
  if (held.length > 0) yield held
}

/** How far back a lost answer is looked for. */
const confirmMs = 60 * 60_000

/** null: not found among the newest of the conversation, which proves nothing. */
export async function confirm(
  x: XApi,
  me: Me,
  { thread, part, known }: SendRequest,
  signal: AbortSignal,
): Promise<SendReceipt | null> {
  if (thread.audience === 'public') return null
  const { text, files } = part.payload as XPayload
  const path = `dm_conversations/${conversationOf(thread)}/dm_events`
  const { data, includes } = await list(x, path, { query: dmQuery, more: { max_results: '20' } }, signal)
  const since = x.env.clock().getTime() - confirmMs
  const same = data.flatMap((raw) => {
    const dm = parseDm(raw)
    const event = dm && dmEventOf(dm, includes, me, raw)
    if (event?.kind !== 'echo' || event.occurredAt.getTime() < since) return []
    const withFiles = (dm?.attachments?.media_keys.length ?? 0) > 0
    return event.text === text && withFiles === files.length > 0 ? [event] : []
  })
  const others = await known(same.map(({ externalId }) => externalId))
  const sent = same.find(({ externalId }) => !others.has(externalId))
  return sent ? { externalId: sent.externalId, at: sent.occurredAt } : null
}

export async function remove(x: XApi, { thread, externalId }: RemoveRequest, signal: AbortSignal): Promise<void> {
  if (thread.audience !== 'public') {
    throw new ChannelError({ kind: 'rejected', reason: 'unsupported' }, 'X would delete it for us only: they keep it.')
  }
  try {
    await x.call({ method: 'DELETE', path: `tweets/${externalId}`, purpose: 'remove', signal })
  } catch (error) {
    const gone =
      error instanceof ChannelError && error.failure.kind === 'rejected' && error.failure.reason === 'threadGone'
    if (!gone) throw error
  }
}
