import { type Bounded, bounded } from '../../src/channel/bounded.ts'
import type { ChannelEnv } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { type Api, createApi } from './api.ts'
import { contentMissing } from './errors.ts'
import { createPlaces, type Places } from './places.ts'
import type { DiscordSettings } from './settings.ts'
import { type Member, madeSchema } from './wire.ts'

/** One live account: what every part of the connection shares. Its memories are bounded, and all of it can be asked for again. */
export interface Link {
  readonly settings: DiscordSettings
  readonly env: ChannelEnv
  readonly api: Api
  readonly selfId: string
  readonly applicationId: string
  readonly places: Places
  /** By server and person. */
  readonly members: Bounded<Member>
  /** Names of the roles, by server. */
  readonly roles: Bounded<ReadonlyMap<string, string>>
  /** First answers to interactions that are on their way. */
  readonly deferred: Bounded<Promise<unknown>>
  /** What will be told to whoever sent a form, by interaction; null: it is too late to tell them anything. */
  readonly opening: Bounded<Promise<string | null>>
}

/** GATEWAY_MESSAGE_CONTENT, with and without Discord's verification. */
const mayRead = (1 << 18) | (1 << 19)

export async function signIn(settings: DiscordSettings, env: ChannelEnv): Promise<Link> {
  const api = await createApi(settings, env)
  const [self, told] = [await api.call('GET', '/users/@me'), await api.call('GET', '/applications/@me')]
  const [selfId, applicationId] = [self, told].map((one) => madeSchema.safeParse(one).data?.id)
  if (selfId === undefined || applicationId === undefined) {
    throw new ChannelError({ kind: 'unavailable' }, 'What answers at the address of the API is not Discord.')
  }
  // Its words would arrive empty, which is worse than not at all.
  if (settings.supportChannels.length > 0 && (Number((told as { flags?: unknown }).flags) & mayRead) === 0) {
    throw new ChannelError({ kind: 'auth' }, contentMissing)
  }
  const places = createPlaces(api, settings)
  const memories = { members: bounded<Member>(1_000), roles: bounded<ReadonlyMap<string, string>>(100) }
  const deferred = bounded<Promise<unknown>>(200)
  const opening = bounded<Promise<string | null>>(200)
  return { settings, env, api, selfId, applicationId, places, ...memories, deferred, opening }
}
