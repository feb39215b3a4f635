import { noWhims, type Whims } from '../whims.ts'

export interface Chat {
  readonly id: number
  readonly type: 'private' | 'group' | 'supergroup' | 'channel'
  readonly title?: string
  readonly username?: string
  readonly first_name?: string
  readonly is_forum?: true
}

export interface Person {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly last_name?: string
  readonly username?: string
  readonly language_code?: string
}

export type Loose = Record<string, unknown>

/** A message as the Bot API tells it, and what became of it. */
export interface Held extends Loose {
  message_id: number
  date: number
  chat: Chat
  from: Person
  text?: string
  caption?: string
}

export interface RecordedCall {
  readonly method: string
  readonly params: Loose
  /** HTTP status and body of the answer; absent while there is none. */
  status?: number
  answer?: unknown
}

export interface Webhook {
  readonly url: string
  readonly secret: string
}

export interface State {
  readonly token: string
  readonly bot: Person & { readonly can_read_all_group_messages: boolean }
  readonly clock: () => Date
  /** What waits to be fetched; never in the order of anything but its ids. */
  updates: { readonly id: number; readonly body: unknown }[]
  nextUpdateId: number
  /** How many updates were confirmed; they never come again. */
  acknowledged: number
  allowed: readonly string[] | null
  webhook: Webhook | null
  readonly chats: Map<number, Chat>
  readonly blocked: Set<number>
  readonly migrated: Map<number, number>
  readonly messages: Held[]
  readonly removed: Set<Held>
  readonly reactions: Map<Held, unknown>
  readonly files: Map<string, { readonly bytes: Buffer; readonly name: string; readonly declared?: number }>
  /** By person; the sizes of one picture. */
  readonly portraits: Map<number, unknown>
  readonly callbacks: Map<string, 'open' | 'answered' | 'old'>
  readonly calls: RecordedCall[]
  readonly deliveries: { readonly body: Buffer; readonly status: number }[]
  refusesToken: boolean
  nextFile: number
  readonly whims: Whims
}

export function newState(wish: { readonly readsGroups?: boolean; readonly clock?: () => Date } = {}): State {
  return {
    token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
    bot: {
      id: 110201543,
      is_bot: true,
      first_name: 'Northstar',
      username: 'northstar_help_bot',
      can_read_all_group_messages: wish.readsGroups ?? false,
    },
    clock: wish.clock ?? (() => new Date()),
    updates: [],
    nextUpdateId: 873_051_001,
    acknowledged: 0,
    allowed: null,
    webhook: null,
    chats: new Map(),
    blocked: new Set(),
    migrated: new Map(),
    messages: [],
    removed: new Set(),
    reactions: new Map(),
    files: new Map(),
    portraits: new Map(),
    callbacks: new Map(),
    calls: [],
    deliveries: [],
    refusesToken: false,
    nextFile: 1,
    whims: noWhims(),
  }
}

export const seconds = (state: State) => Math.floor(state.clock().getTime() / 1_000)

export function addMessage(state: State, chat: Chat, from: Person, content: Loose): Held {
  const ids = state.messages.filter((one) => one.chat.id === chat.id).map((one) => one.message_id)
  const message: Held = { message_id: Math.max(0, ...ids) + 1, date: seconds(state), chat, from, ...content }
  state.messages.push(message)
  return message
}

export function keepFile(state: State, bytes: Buffer, name: string, declared?: number): { id: string; unique: string } {
  const n = state.nextFile++
  const id = `AgACAgIAAxkBAAIB${n}`
  state.files.set(id, { bytes, name, ...(declared !== undefined && { declared }) })
  return { id, unique: `AQADu${n}` }
}

/** What the bot said, oldest first, as the chat shows it. */
export function saidByBot(state: State): Held[] {
  return state.messages.filter((one) => one.from.id === state.bot.id && !state.removed.has(one))
}
