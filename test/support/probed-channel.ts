import type { ChannelAdapter, ChannelConnection, ChannelEnv } from '../../src/channel/contract.ts'
import { loopChannel } from './loop-channel/adapter.ts'
import type { LoopSettings } from './loop-channel/settings.ts'

export interface Probe {
  readonly adapter: ChannelAdapter
  readonly opened: { readonly settings: LoopSettings; readonly env: ChannelEnv; closed: boolean }[]
  /** Connections that are open now. */
  open(): number
}

export interface ProbeWish {
  readonly silenceMs?: number
  /** Changes what a connection of the loop channel does. */
  readonly wrap?: (connection: ChannelConnection, nth: number) => Partial<ChannelConnection>
  readonly before?: () => Promise<void>
}

/** The loop channel, counting its connections. */
export function probedChannel(wish: ProbeWish = {}): Probe {
  const opened: Probe['opened'] = []
  const adapter: ChannelAdapter<LoopSettings> = {
    ...loopChannel,
    capabilities: (settings) => {
      const capabilities = loopChannel.capabilities(settings)
      return wish.silenceMs === undefined ? capabilities : { ...capabilities, silenceMs: wish.silenceMs }
    },
    connect: async (settings, env) => {
      await wish.before?.()
      const connection = await loopChannel.connect(settings, env)
      const mine = { settings, env, closed: false }
      opened.push(mine)
      return {
        ...connection,
        ...wish.wrap?.(connection, opened.length),
        close: async () => {
          mine.closed = true
          await connection.close()
        },
      }
    },
  }
  return {
    adapter: adapter as ChannelAdapter,
    opened,
    open: () => opened.filter((one) => !one.closed).length,
  }
}
