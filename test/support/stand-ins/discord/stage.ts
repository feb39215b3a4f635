import { expect, onTestFinished } from 'vitest'
import { discordChannel } from '../../../../channels/discord/index.ts'
import { type DiscordSettings, parseSettings } from '../../../../channels/discord/settings.ts'
import type {
  ChannelConnection,
  ChannelForm,
  InboundEvent,
  SendRequest,
  ThreadRef,
} from '../../../../src/channel/contract.ts'
import { channelEnv, type RecordedEnv } from '../../channel-env.ts'
import { type MemorySink, memorySink } from '../../memory-sink.ts'
import { discordObjections } from './described.ts'
import { type DiscordPlatform, startDiscord } from './platform.ts'
import type { Channel, User } from './state.ts'

export interface DiscordStage {
  readonly platform: DiscordPlatform
  readonly env: RecordedEnv
  readonly connection: ChannelConnection
  readonly sink: MemorySink
  /** Starts receiving where the sink's cursor is. */
  start(since?: unknown): { readonly ended: Promise<void>; stop(): Promise<void> }
  request(thread: ThreadRef, text: string, wish?: Partial<SendRequest>): SendRequest
}

let deliveries = 0

/** The platform, people on it, and a connection that receives. */
export async function discordStage(
  wish: (platform: DiscordPlatform) => Partial<DiscordSettings> = () => ({}),
  forms: readonly ChannelForm[] = [],
): Promise<DiscordStage> {
  const platform = await startDiscord()
  const settings = parseSettings(platform.settings(wish(platform)))
  const env = channelEnv({ forms })
  const connection = await discordChannel.connect(settings, env)
  const sink = memorySink()
  onTestFinished(async () => {
    await connection.close()
    await platform.close()
    expect(discordObjections(platform.state)).toEqual([])
  })
  return {
    platform,
    env,
    connection,
    sink,
    start: (since = sink.cursor) => {
      const stop = new AbortController()
      const ended = connection.receive(since, sink, stop.signal)
      ended.catch(() => {})
      return {
        ended,
        stop: async () => {
          stop.abort()
          await ended.catch(() => {})
        },
      }
    },
    request: (thread, text, more = {}) => {
      deliveries += 1
      const [part] = discordChannel.render({ text, attachments: [] }, settings, thread)
      if (!part) throw new Error('nothing was rendered')
      const files = { open: () => Promise.reject(new Error('no file belongs to this message')) }
      return {
        deliveryId: `${deliveries}`,
        idempotencyKey: `stage-key-${deliveries}`,
        attempt: 1,
        thread,
        part,
        files,
        known: async () => new Set(),
        ...more,
      }
    },
  }
}

export const now = (): AbortSignal => AbortSignal.timeout(5_000)
export const textsOf = (events: readonly InboundEvent[]): string[] =>
  events.flatMap((event) => ('text' in event ? [`${event.kind}: ${event.text}`] : [event.kind]))
export const directThread = (channel: Channel): ThreadRef => ({ key: channel.id, kind: 'direct', audience: 'private' })

/** Somebody who wrote directly, so that the bot knows the way to them. */
export function direct(platform: DiscordPlatform, name = 'Ada'): { readonly who: User; readonly channel: Channel } {
  const who = platform.person(name)
  return { who, channel: platform.directChannel(who) }
}
