import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { ChannelEnv, ThreadRef } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { refusalOf } from './errors.ts'
import { placeOf } from './place.ts'
import type { TelegramSettings } from './settings.ts'
import { type Bot, botShape } from './wire.ts'

type Call<Third> = (method: string, payload: Readonly<Record<string, unknown>>, third: Third) => Promise<unknown>

/** Both reject with TelegramRefusal only. */
export interface Calls {
  /** Reads, and what changes nothing more when it is done again. */
  readonly ask: Call<AbortSignal>
  /** What makes a message each time. */
  readonly send: Call<AbortSignal>
}

export interface TelegramApi extends Calls {
  readonly settings: TelegramSettings
  readonly env: ChannelEnv
  readonly bot: Bot
  /** Groups that were found to be supergroups while sending: old id -> new id. */
  readonly moved: Map<number, number>
  /** Until when a chat is refused by rate limit, ms since 1970. */
  readonly refusedUntil: Map<number, number>
}

export async function openCalls(settings: TelegramSettings): Promise<Calls> {
  const { Telegram } = await import('telegraf')
  const apiRoot = rootOf(settings)
  const telegram = new Telegram(settings.token, { apiRoot, webhookReply: false })
  // The library's agent keeps sockets: a send on one that the server just closed would look as if it may have happened.
  // Two seconds for each address family: with Node's quarter of one, slow lines look dead (telegraf/telegraf#1961).
  const options = { keepAlive: false, autoSelectFamilyAttemptTimeout: 2_000 }
  telegram.options.agent = apiRoot.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options)
  // Its types end at Bot API 7.1; what it does not know it passes on.
  const callApi = telegram.callApi.bind(telegram) as unknown as Call<{ signal: AbortSignal }>
  const calls = (safe: boolean): Call<AbortSignal> => {
    return (method, payload, signal) =>
      callApi(method, payload, { signal }).catch((error: unknown) => {
        throw refusalOf(error, safe)
      })
  }
  return { ask: calls(true), send: calls(false) }
}

export async function whoAmI({ ask }: Pick<Calls, 'ask'>, signal: AbortSignal): Promise<Bot> {
  const bot = botShape.safeParse(await ask('getMe', {}, signal)).data
  if (bot) return bot
  throw new ChannelError({ kind: 'unavailable' }, 'This address does not answer as the Bot API does.')
}

export function rootOf({ apiRoot }: Pick<TelegramSettings, 'apiRoot'>): string {
  return apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`
}

/** Where to speak so that it arrives in this thread. */
export function target({ moved }: Pick<TelegramApi, 'moved'>, thread: ThreadRef) {
  const { chat, topic } = placeOf(thread)
  const chatId = moved.get(chat) ?? chat
  return { chat: chatId, where: { chat_id: chatId, ...(topic !== undefined && { message_thread_id: topic }) } }
}
