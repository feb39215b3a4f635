import { changes } from './changes.ts'
import { bad, chatOf, checkEntities, checkMarkup, checkText } from './refusals.ts'
import { addMessage, type Held, keepFile, type Loose, type State } from './state.ts'

/** A file of a multipart call. */
export interface Uploaded {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}
export type Params = Loose
export type Method = (state: State, params: Params, files: ReadonlyMap<string, Uploaded>) => unknown

/** What the chat's message looks like apart from its content. */
function placed(state: State, params: Params): Loose {
  const topic = params['message_thread_id']
  return {
    ...(topic !== undefined && { message_thread_id: Number(topic), is_topic_message: true }),
    ...replied(state, params),
    ...checkMarkup(params['reply_markup']),
  }
}

function replied(state: State, params: Params): Loose {
  const wish = params['reply_parameters'] as Loose | undefined
  if (wish === undefined) return {}
  const chat = chatOf(state, params)
  const known = state.messages.find(
    (one) => one.chat.id === chat.id && one.message_id === wish['message_id'] && !state.removed.has(one),
  )
  if (known) return { reply_to_message: known }
  if (wish['allow_sending_without_reply'] === true) return {}
  throw bad('message to be replied not found')
}

function said(state: State, params: Params, content: Loose): Held {
  return addMessage(state, chatOf(state, params), state.bot, { ...placed(state, params), ...content })
}

const megabyte = 1024 * 1024

function media(kind: string, state: State, file: Uploaded): Loose {
  if (file.bytes.length > (kind === 'photo' ? 10 : 50) * megabyte) throw bad('file is too big')
  const { id, unique } = keepFile(state, file.bytes, file.name)
  const described = {
    file_id: id,
    file_unique_id: unique,
    file_size: file.bytes.length,
    file_name: file.name,
    mime_type: file.type,
  }
  return { [kind]: kind === 'photo' ? [described] : described }
}

function captioned(params: Loose): Loose {
  const caption = checkText(params['caption'], 1_024, 'message caption')
  const entities = checkEntities(params['caption_entities'], caption)
  return caption === '' ? {} : { caption, caption_entities: entities }
}

const sendMedia =
  (kind: string): Method =>
  (state, params, files) => {
    chatOf(state, params)
    const file = files.get(kind)
    if (!file) throw bad(`there is no ${kind} in the request`)
    return said(state, params, { ...captioned(params), ...media(kind, state, file) })
  }

const shelves: readonly (readonly string[])[] = [['photo', 'video'], ['document'], ['audio']]

const sendMediaGroup: Method = (state, params, files) => {
  chatOf(state, params)
  const items = params['media'] as Loose[] | undefined
  if (!Array.isArray(items) || items.length < 2 || items.length > 10) throw bad('wrong number of items in the album')
  const kinds = items.map((item) => String(item['type']))
  if (!shelves.some((shelf) => kinds.every((kind) => shelf.includes(kind)))) throw bad("can't be mixed in an album")
  const found = items.map((item) => files.get(String(item['media']).replace('attach://', '')))
  const group = String(1_000_000 + state.messages.length)
  return items.map((item, index) => {
    const file = found[index]
    if (!file) throw bad('there is no media in the request')
    const content = { ...captioned(item), ...media(kinds[index] ?? '', state, file), media_group_id: group }
    return said(state, params, content)
  })
}

const sendMessage: Method = (state, params) => {
  chatOf(state, params)
  const text = checkText(params['text'], 4_096, 'message')
  const entities = checkEntities(params['entities'], text)
  return said(state, params, { text, ...(entities.length > 0 && { entities }) })
}

/** By their names in small letters: the platform does not mind. */
export const methods: Readonly<Record<string, Method>> = {
  ...changes,
  getme: (state) => state.bot,
  sendmessage: sendMessage,
  sendphoto: sendMedia('photo'),
  senddocument: sendMedia('document'),
  sendaudio: sendMedia('audio'),
  sendvoice: sendMedia('voice'),
  sendvideo: sendMedia('video'),
  sendmediagroup: sendMediaGroup,
}
