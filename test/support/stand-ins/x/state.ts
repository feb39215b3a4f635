import { noWhims, type Whims } from '../whims.ts'

export interface XUser {
  readonly id: string
  readonly name: string
  readonly username: string
}

export interface XMedia {
  readonly key: string
  readonly type: 'photo' | 'animated_gif' | 'video'
  readonly contentType: string
  readonly bytes: Buffer
}

export interface XDm {
  readonly id: string
  readonly conversation: string
  readonly sender: string
  readonly text: string
  readonly at: number
  readonly media: readonly XMedia[]
  /** Posts shared in it. */
  readonly posts: readonly string[]
}

export interface XPost {
  readonly id: string
  readonly author: string
  readonly text: string
  readonly at: number
  readonly conversation: string
  readonly replyTo?: string
  readonly quotes?: string
  readonly media: readonly XMedia[]
  readonly history: readonly string[]
  deleted: boolean
}

export interface XUpload {
  readonly type: string
  readonly category: string
  readonly total: number
  readonly segments: Map<number, Buffer>
  /** Polls until it is ready; the last answer says so. */
  pending: number
  finalized: boolean
}

export interface XHook {
  readonly id: string
  readonly url: string
  readonly created_at: string
  valid: boolean
}

export interface XSubscription {
  readonly id: string
  readonly event_type: string
  readonly webhook_id: string
  readonly user_id: string
}

export interface XCredentials {
  apiKey: string
  apiSecret: string
  accessToken: string
  accessSecret: string
  clientId: string
  clientSecret: string
  refreshToken: string
}

/** One call to the platform, as a test looks at it. */
export interface XRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly auth: 'oauth1' | 'oauth2' | 'app'
  status: number
  /** What was said to it; absent where a test made that go wrong. */
  answer?: unknown
}

export interface XState {
  readonly me: XUser
  readonly users: Map<string, XUser>
  readonly dms: XDm[]
  readonly posts: XPost[]
  readonly uploads: Map<string, XUpload>
  readonly hooks: XHook[]
  readonly subscriptions: XSubscription[]
  readonly requests: XRequest[]
  readonly credentials: XCredentials
  /** Access tokens of OAuth 2 and when they end. */
  readonly tokens: Map<string, number>
  readonly nonces: Set<string>
  readonly calls: Map<string, number[]>
  readonly blocked: Set<string>
  /** Events as they were put together, delivered or not. */
  readonly activity: { readonly at: number; readonly type: string; readonly body: unknown }[]
  clock: () => number
  refusesCredentials: boolean
  /** Kinds of calls that the plan forbids, by the start of the path. */
  readonly forbidden: Set<string>
  /** Answers in the words of before the renaming, and knows only those. */
  oldWords: boolean
  anything: unknown[]
  newest: bigint
  readonly whims: Whims
}

export const ours: XUser = { id: '1111111111111111111', name: 'Example Desk', username: 'ExampleDesk' }
export const ada: XUser = { id: '2222222222222222222', name: 'Ada', username: 'ada_writes' }
export const grace: XUser = { id: '3333333333333333333', name: 'Grace', username: 'grace_hops' }

export function newState(): XState {
  return {
    me: ours,
    users: new Map([ours, ada, grace].map((user) => [user.id, user])),
    dms: [],
    posts: [],
    uploads: new Map(),
    hooks: [],
    subscriptions: [],
    requests: [],
    credentials: {
      apiKey: 'key-1f6a',
      apiSecret: 'api-secret-9b21d4',
      accessToken: `${ours.id}-access-77c0`,
      accessSecret: 'access-secret-e58f01',
      clientId: 'client-30aa',
      clientSecret: 'client-secret-4d7e9c',
      refreshToken: 'refresh-token-1-8c1d',
    },
    tokens: new Map(),
    nonces: new Set(),
    calls: new Map(),
    blocked: new Set(),
    activity: [],
    clock: () => Date.now(),
    refusesCredentials: false,
    forbidden: new Set(),
    oldWords: false,
    anything: [],
    // Beyond 2^53, as X's are.
    newest: 2_080_000_000_000_000_000n,
    whims: noWhims(),
  }
}

export function nextId(state: XState): string {
  state.newest += 1n
  return String(state.newest)
}

export function pair(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? `${one}-${other}` : `${other}-${one}`
}
