import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DiscordSettings } from '../../../../channels/discord/settings.ts'
import type { Ground } from './answers.ts'
import { type Customers, customersOf } from './customers.ts'
import { type GatewayStandIn, gatewayOn } from './gateway.ts'
import { serve } from './rest.ts'
import { type Channel, newState, type State } from './state.ts'

export interface DiscordPlatform extends Customers {
  readonly url: string
  readonly state: State
  readonly gateway: GatewayStandIn
  /** Settings for it, as an administrator would give them. */
  settings(wish?: Partial<DiscordSettings>): Record<string, unknown>
  /** What of ours stands in a channel, oldest first. */
  held(channel: string): readonly string[]
  dropIdle(): void
  refuse(): Promise<void>
  resume(): Promise<void>
  close(): Promise<void>
}

export const discordToken = 'MTMwMDAwMDAwMDAwMDAwMDAwMA.discord.stand-in-token'

const intents = {
  messages: [1 << 9, 1 << 12],
  reactions: [1 << 10, 1 << 13],
  typing: [1 << 11, 1 << 14],
  guilds: [1, 0],
} as const

/** Discord on 127.0.0.1: REST, files and the gateway on one port. */
export async function startDiscord(): Promise<DiscordPlatform> {
  const state = newState(discordToken)
  const server = createServer((request, response) => {
    serve(ground, request, response).catch(() => response.destroy())
  })
  const gateway = gatewayOn(server, state)
  const ground: Ground = {
    state,
    dispatch: (t, d, channel, kind) =>
      gateway.dispatch(t, withPlace(d, channel), intents[kind][channel?.guild_id ? 0 : 1]),
  }
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    gateway.dropAll()
    server.closeAllConnections()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  state.port = port
  const url = `http://127.0.0.1:${port}`
  return {
    ...customersOf(ground, gateway),
    url,
    state,
    gateway,
    settings: (wish = {}) => ({ token: discordToken, apiUrl: `${url}/api`, ...wish }),
    held: (channel) =>
      (state.messages.get(channel) ?? []).filter((one) => one.author.id === state.bot.id).map((one) => one.content),
    dropIdle: () => server.closeIdleConnections(),
    refuse: stop,
    resume: () => listen(port),
    close: stop,
  }
}

/** What the gateway says of a place, which REST does not. */
function withPlace(d: unknown, channel: Channel | undefined): unknown {
  if (!channel || typeof d !== 'object') return d
  const guild = channel.guild_id === undefined ? {} : { guild_id: channel.guild_id }
  return { ...guild, channel_type: channel.type, ...d }
}
