import type { Method } from './methods.ts'
import { bad, chatOf, checkEntities, checkMarkup, checkText, heldMessage, Refusal } from './refusals.ts'
import type { Held, Loose, State } from './state.ts'
import { allow } from './updates.ts'

const unmodified =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content ' +
  'and reply markup of the message'

function edited(state: State, params: Loose, change: (message: Held) => Loose): Held {
  const message = heldMessage(state, params, 'edit')
  if (message.from.id !== state.bot.id) throw bad("message can't be edited")
  const next = { ...change(message), ...checkMarkup(params['reply_markup']) }
  const same = Object.entries(next).every(([name, value]) => JSON.stringify(message[name]) === JSON.stringify(value))
  if (same) throw bad(unmodified)
  return Object.assign(message, next, { edit_date: message.date + 1 })
}

const known = new Set(['👍', '👎', '❤', '🔥', '🎉', '😁', '🙏', '👌', '👀', '💯'])

/** What changes nothing that is not there already. */
export const changes: Readonly<Record<string, Method>> = {
  editmessagetext: (state, params) =>
    edited(state, params, (message) => {
      if (message.text === undefined) throw bad('there is no text in the message to edit')
      const text = checkText(params['text'], 4_096, 'message')
      return { text, entities: checkEntities(params['entities'], text) }
    }),
  editmessagecaption: (state, params) =>
    edited(state, params, (message) => {
      if (message.text !== undefined) throw bad('there is no caption in the message to edit')
      const caption = checkText(params['caption'], 1_024, 'message caption')
      return { caption, caption_entities: checkEntities(params['caption_entities'], caption) }
    }),
  editmessagereplymarkup: (state, params) => edited(state, params, () => ({})),
  deletemessage: (state, params) => {
    const message = heldMessage(state, params, 'delete')
    if (state.clock().getTime() / 1_000 - message.date > 48 * 3_600) throw bad("message can't be deleted for everyone")
    state.removed.add(message)
    return true
  },
  setmessagereaction: (state, params) => {
    const message = heldMessage(state, params, 'react')
    const wish = (params['reaction'] ?? []) as { type: string; emoji: string }[]
    if (wish.length > 1 || wish.some(({ emoji }) => !known.has(emoji))) throw bad('REACTION_INVALID')
    state.reactions.set(message, wish)
    return true
  },
  sendchataction: (state, params) => Boolean(chatOf(state, params)),
  answercallbackquery: (state, params) => {
    const id = String(params['callback_query_id'])
    if (state.callbacks.get(id) !== 'open') {
      throw bad('query is too old and response timeout expired or query ID is invalid')
    }
    state.callbacks.set(id, 'answered')
    return true
  },
  getuserprofilephotos: (state, params) => {
    const found = state.portraits.get(Number(params['user_id']))
    return { total_count: found ? 1 : 0, photos: found ? [found] : [] }
  },
  getfile: (state, params) => {
    const id = String(params['file_id'])
    const file = state.files.get(id)
    if (!file) throw bad('invalid file_id')
    const size = file.declared ?? file.bytes.length
    if (size > 20 * 1024 * 1024) throw bad('file is too big')
    return { file_id: id, file_unique_id: id, file_size: size, file_path: `documents/${id}/${file.name}` }
  },
  setwebhook: (state, params) => {
    const url = String(params['url'] ?? '')
    // The real one takes https alone; stand-ins speak plain HTTP on this machine.
    if (url !== '' && !/^https:|^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(url)) {
      throw bad('bad webhook: An HTTPS URL must be provided for webhook')
    }
    allow(state, params['allowed_updates'])
    state.webhook = url === '' ? null : { url, secret: String(params['secret_token'] ?? '') }
    return true
  },
  deletewebhook: (state, params) => {
    state.webhook = null
    if (params['drop_pending_updates'] === true) state.updates = []
    return true
  },
  getwebhookinfo: (state) => ({ url: state.webhook?.url ?? '', pending_update_count: state.updates.length }),
  setmycommands: () => true,
  getupdates: () => {
    throw new Refusal(500, 'answered elsewhere')
  },
}
