import type { Held, Loose, State } from './state.ts'

/** An answer that says no, in the platform's own words. */
export class Refusal extends Error {
  readonly code: number
  readonly parameters: Loose | undefined

  constructor(code: number, description: string, parameters?: Loose) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export const bad = (what: string, parameters?: Loose) => new Refusal(400, `Bad Request: ${what}`, parameters)

/** The chat of a call, if the bot may speak there. */
export function chatOf(state: State, params: Loose) {
  if (params['chat_id'] === undefined || params['chat_id'] === '') throw bad('chat_id is empty')
  const id = Number(params['chat_id'])
  const moved = state.migrated.get(id)
  if (moved !== undefined) {
    throw bad('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: moved })
  }
  const chat = state.chats.get(id)
  if (!chat) throw bad('chat not found')
  if (state.blocked.has(id)) {
    const said = chat.type === 'private' ? 'bot was blocked by the user' : `bot was kicked from the ${chat.type} chat`
    throw new Refusal(403, `Forbidden: ${said}`)
  }
  return chat
}

export function checkText(text: unknown, max: number, what: 'message' | 'message caption'): string {
  const said = typeof text === 'string' ? text : ''
  if (what === 'message' && said.trim() === '') throw bad('message text is empty')
  if (said.length > max) throw bad(`${what} is too long`)
  return said
}

const entityTypes = new Set(['bold', 'italic', 'code', 'pre', 'text_link', 'blockquote', 'text_mention'])

/** In UTF-16 units, within the text, of a known type. */
export function checkEntities(entities: unknown, text: string): Loose[] {
  if (entities === undefined) return []
  if (!Array.isArray(entities)) throw bad("can't parse entities")
  return entities.map((entity: Loose) => {
    const { type, offset, length } = entity
    const sound = Number.isInteger(offset) && Number.isInteger(length) && Number(offset) >= 0 && Number(length) > 0
    if (!sound || !entityTypes.has(String(type)) || Number(offset) + Number(length) > text.length) {
      throw bad("can't parse entities")
    }
    if (type === 'text_link' && !/^https?:/.test(String(entity['url']))) throw bad("can't parse entities")
    return entity
  })
}

export function checkMarkup(markup: unknown): Loose {
  if (markup === undefined) return {}
  const rows = (markup as { inline_keyboard?: { callback_data?: string }[][] }).inline_keyboard
  if (!Array.isArray(rows)) throw bad('object expected as reply markup')
  for (const button of rows.flat()) {
    if (Buffer.byteLength(button.callback_data ?? '') > 64) throw bad('BUTTON_DATA_INVALID')
  }
  return { reply_markup: markup }
}

/** The message a call is about; `what` is how the refusal names the wish. */
export function heldMessage(state: State, params: Loose, what: string): Held {
  const chat = chatOf(state, params)
  const found = state.messages.find((one) => one.chat.id === chat.id && one.message_id === Number(params['message_id']))
  if (!found || state.removed.has(found)) throw bad(`message to ${what} not found`)
  return found
}
