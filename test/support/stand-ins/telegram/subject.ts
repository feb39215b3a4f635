import { telegramChannel } from '../../../../channels/telegram/index.ts'
import type { ChannelAdapter } from '../../../../src/channel/contract.ts'
import { channelEnv } from '../../channel-env.ts'
import type { ChannelSubject, SendFault, StandIn } from '../../channel-subject.ts'
import { telegramCells } from './cells.ts'
import { cut, drip, dropped, type Fault, garbage, html, refuse, silent, wrongShape } from './faults.ts'
import { startTelegram, type TelegramStandIn } from './server.ts'

const forbidden = (what: string) => refuse(403, `Forbidden: ${what}`)
const bad = (what: string) => refuse(400, `Bad Request: ${what}`)

/** Row by row what may happen to a send, and what it must be taken for. */
const faults: readonly (readonly [Fault, SendFault['means']])[] = [
  [refuse(401, 'Unauthorized'), 'auth'],
  [refuse(404, 'Not Found'), 'auth'],
  [refuse(409, 'Conflict: terminated by other getUpdates request'), 'unavailable'],
  [refuse(429, 'Too Many Requests: retry after 3', { retry_after: 3 }), 'rateLimited'],
  [forbidden('bot was blocked by the user'), 'rejected'],
  [forbidden('user is deactivated'), 'rejected'],
  [forbidden('bot was kicked from the group chat'), 'rejected'],
  [bad('chat not found'), 'rejected'],
  [bad('message thread not found'), 'rejected'],
  [bad('message is too long'), 'rejected'],
  [refuse(413, 'Request Entity Too Large'), 'rejected'],
  [bad('something new'), 'rejected'],
  [refuse(500, 'Internal Server Error'), 'uncertain'],
  [html(502, false), 'uncertain'],
  [html(502, true), 'uncertain'],
  [html(500, true), 'uncertain'],
  [dropped(false), 'uncertain'],
  [dropped(true), 'uncertain'],
  [garbage, 'uncertain'],
  [wrongShape, 'uncertain'],
  [silent(false), 'uncertain'],
  [silent(true), 'uncertain'],
]

/** The library leaves a timer of 500 s behind for each answer that stops in its middle, so one clause would count them. */
const midway: typeof faults = [
  [cut, 'uncertain'],
  [drip, 'uncertain'],
]

export interface TelegramSubject extends ChannelSubject {
  readonly telegram: TelegramStandIn
}

export async function openTelegram(wish: { readonly receive?: 'polling' | 'webhook' } = {}): Promise<TelegramSubject> {
  const telegram = await startTelegram()
  const settings = { token: telegram.state.token, apiRoot: telegram.url, ...wish }
  const ada = telegram.person()
  const chat = telegram.privateChat(ada)
  return {
    telegram,
    adapter: telegramChannel as ChannelAdapter,
    settings,
    secrets: [settings.token, channelEnv().sign('telegram webhook')],
    badSettings: [
      { settings: null, field: '' },
      { settings: { ...settings, token: undefined }, field: 'token' },
      { settings: { ...settings, token: 'my bot' }, field: 'token' },
      { settings: { ...settings, apiRoot: 'api.telegram.org' }, field: 'apiRoot' },
      { settings: { ...settings, receive: 'pigeon' }, field: 'receive' },
      { settings: { ...settings, groups: true }, field: 'groups' },
      { settings: { ...settings, surprise: 1 }, field: 'surprise' },
    ],
    thread: { key: String(chat.id), kind: 'chat', audience: 'private', place: String(chat.id) },
    otherPlaces: [{ key: '-4002211', kind: 'group', audience: 'shared', place: '-4002211' }],
    standIn: {
      ...standInOf(telegram, (text) => telegram.say(chat, ada, { text })),
      cells: telegramCells(telegram, chat, ada),
    },
    sendFaults: [...faults, ...(wish.receive === 'webhook' ? midway : [])].map(([fault, means]) => ({
      name: fault.name,
      means,
      effect: fault.effect,
      arm: () => telegram.fail('sendMessage', [fault]),
    })),
    close: () => telegram.close(),
  }
}

function standInOf(telegram: TelegramStandIn, say: (text: string) => unknown): StandIn {
  const { state } = telegram
  const rest = [...nonsense]
  return {
    say: (text) => void say(text),
    acknowledged: () => state.acknowledged,
    deliversOnce: true,
    sayNonsense: () => {
      if (rest.length === 0) return false
      telegram.updates.utter(rest.shift())
      return true
    },
    held: () => state.messages.filter((one) => one.from.id === state.bot.id).map((one) => one.text ?? ''),
    webhook: (text) => {
      const chat = { id: 5, type: 'private' }
      const from = { id: 5, is_bot: false, first_name: 'Ada' }
      const message = { message_id: 1, date: 1_770_000_000, chat, from, text }
      const body = Buffer.from(JSON.stringify({ update_id: 873_051_999, message }))
      const secret = channelEnv().sign('telegram webhook')
      const headers = { 'x-telegram-bot-api-secret-token': secret, 'content-length': String(body.length) }
      return { method: 'POST', query: {}, headers, body }
    },
    refuseCredentials: () => {
      state.refusesToken = true
    },
    dropIdle: () => telegram.dropIdle(),
  }
}

const chat = { id: 7, type: 'private' }
const from = { id: 7, is_bot: false, first_name: 'Ada' }
const message = { message_id: 1, date: 1_770_000_000, chat, from }

const nonsense: readonly unknown[] = [
  {},
  { message: null },
  { message: 42 },
  { message: [] },
  { message: { ...message, chat: null, text: 'nowhere' } },
  { message: { ...message, date: 'yesterday', text: 'timeless' } },
  { message: { ...message, date: Number.MAX_SAFE_INTEGER, text: 'timeless' } },
  { message: { ...message, message_id: 1.5, text: 'half a message' } },
  { message: { ...message, text: { not: 'a text' }, entities: 'none' } },
  { message: { ...message, photo: [{}, null, 7], sticker: 'a', poll: { question: 1 } } },
  { edited_message: { ...message, edit_date: -1 } },
  { callback_query: { id: '', from } },
  { message_reaction: { chat, message_id: 1, date: 1, new_reaction: 'all' } },
  { something_of_next_year: { chat, text: 'unknown' } },
  { constructor: 'x', __proto__: { message } },
]
