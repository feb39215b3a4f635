import { buffer } from 'node:stream/consumers'
import type {
  EditRequest,
  ReactRequest,
  RemoveRequest,
  SendReceipt,
  SendRequest,
  ThreadRef,
} from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { limitedScope } from '../../src/channel/limited-scope.ts'
import { type TelegramApi, target } from './api.ts'
import { TelegramRefusal } from './errors.ts'
import { externalIdOf, messageIdOf } from './place.ts'
import { entitiesOf, type Media, type TelegramPayload } from './render.ts'
import { sentMessage } from './wire.ts'

/** One call for one part; an album is one call that makes several messages. */
export async function sendPart(api: TelegramApi, request: SendRequest, signal: AbortSignal): Promise<SendReceipt> {
  const payload = request.part.payload as TelegramPayload
  const [method, body] = messageOf(payload, await uploads(request, payload.media))
  const told = await inThread(api, request.thread, (where) =>
    api.send(method, { ...where, ...body, ...quoting(api, request, payload) }, signal),
  )
  const [sent, ...others] = (Array.isArray(told) ? told : [told]).map((one) => sentMessage.safeParse(one).data)
  if (!sent) throw new ChannelError({ kind: 'uncertain' }, 'Telegram said yes but named no message.')
  const more = others.flatMap((one) => (one ? externalIdOf(one.chat.id, one.message_id) : []))
  const externalId = externalIdOf(sent.chat.id, sent.message_id)
  return { externalId, at: new Date(sent.date * 1_000), ...(more.length > 0 && { more }) }
}

type Upload = Pick<Media, 'kind'> & { readonly media: { readonly source: Buffer; readonly filename: string } }

/** Read before the call: a file that is not there is no fault of Telegram's. The library writes names into a header as they are. */
async function uploads(request: SendRequest, files: readonly Media[]): Promise<Upload[]> {
  const all: Upload[] = []
  for (const { id, kind, name } of files) {
    const source = await request.files
      .open(id)
      .then(({ stream }) => buffer(stream))
      .catch(() => {
        throw new ChannelError({ kind: 'unavailable' }, 'A file of this message could not be read.')
      })
    all.push({ kind, media: { source, filename: name.replace(/["\\\p{Cc}]/gu, '_') } })
  }
  return all
}

function messageOf({ text, marks, buttons }: TelegramPayload, [first, ...others]: Upload[]): [string, object] {
  const entities = entitiesOf(marks)
  if (!first) return ['sendMessage', { text, entities, ...keyboard(buttons) }]
  if (others.length > 0) {
    const caption = { caption: text, caption_entities: entities }
    return ['sendMediaGroup', { media: [{ ...albumItem(first), ...caption }, ...others.map(albumItem)] }]
  }
  const method = `send${first.kind.charAt(0).toUpperCase()}${first.kind.slice(1)}`
  // On uploads the library drops objects without a word (taken for files): there they travel as JSON text.
  return [method, { [first.kind]: first.media, caption: text, caption_entities: JSON.stringify(entities) }]
}

const albumItem = ({ kind, media }: Upload) => ({ type: kind, media })

function keyboard(buttons: TelegramPayload['buttons']) {
  return buttons ? { reply_markup: { inline_keyboard: buttons.map((button) => [button]) } } : {}
}

function quoting(api: TelegramApi, { thread, replyTo }: SendRequest, { first, media }: TelegramPayload) {
  const messageId = first && replyTo !== undefined ? messageIdOf(target(api, thread).chat, replyTo) : null
  if (messageId === null) return {}
  const reply = { message_id: messageId, allow_sending_without_reply: true }
  return { reply_parameters: media.length > 0 ? JSON.stringify(reply) : reply }
}

export async function editPart(api: TelegramApi, request: EditRequest, signal: AbortSignal): Promise<SendReceipt> {
  const { text, marks, buttons, media } = request.part.payload as TelegramPayload
  const entities = entitiesOf(marks)
  const [method, body] =
    media.length > 0
      ? (['editMessageCaption', { caption: text, caption_entities: entities }] as const)
      : (['editMessageText', { text, entities, ...keyboard(buttons) }] as const)
  await change(api, request, (where) => api.ask(method, { ...where, ...body }, signal), /message is not modified/i)
  return { externalId: request.externalId }
}

export function removeMessage(api: TelegramApi, request: RemoveRequest, signal: AbortSignal): Promise<void> {
  return change(api, request, (where) => api.ask('deleteMessage', where, signal), /message to delete not found/i)
}

/** A bot gives one reaction at most; Telegram's hearts carry no variation selector. */
export function reactTo(api: TelegramApi, request: ReactRequest, signal: AbortSignal): Promise<void> {
  const given = request.reactions.slice(0, 1)
  const reaction = given.map((emoji) => ({ type: 'emoji', emoji: emoji.replaceAll('\ufe0f', '') }))
  return change(api, request, (where) => api.ask('setMessageReaction', { ...where, reaction }, signal))
}

type Call = (where: Readonly<Record<string, unknown>>) => Promise<unknown>

/** `done`: what Telegram says where it was made before. */
async function change(api: TelegramApi, request: RemoveRequest, make: Call, done?: RegExp): Promise<void> {
  const { chat } = target(api, request.thread)
  const messageId = messageIdOf(chat, request.externalId)
  if (messageId === null) {
    throw new ChannelError({ kind: 'rejected', reason: 'threadGone' }, 'This message is no longer in this chat.')
  }
  await inThread(api, request.thread, () => make({ chat_id: chat, message_id: messageId })).catch((error: unknown) => {
    if (!(error instanceof TelegramRefusal && error.answer && done?.test(error.answer.description))) throw error
  })
}

async function inThread(api: TelegramApi, thread: ThreadRef, call: Call): Promise<unknown> {
  const { chat, where } = target(api, thread)
  try {
    return await call(where)
  } catch (error) {
    if (!(error instanceof TelegramRefusal)) throw error
    // The group is a supergroup now: nothing was sent, and the next attempt goes there.
    if (error.answer?.migratedTo !== undefined) api.moved.set(chat, error.answer.migratedTo)
    const { failure } = error
    if (failure.kind !== 'rateLimited') throw error
    const refused = { place: chat, now: api.env.clock().getTime(), waitMs: failure.retryAfterMs }
    throw new ChannelError({ ...failure, scope: limitedScope(api.refusedUntil, refused) }, error.message)
  }
}
