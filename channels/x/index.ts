import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { ChannelAdapter, ChannelConnection, ChannelEnv, RemoteAttachment } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { capabilities } from './capabilities.ts'
import { createApi, type XApi } from './client.ts'
import { refusal, unreachable } from './errors.ts'
import { icon } from './icon.ts'
import type { Me } from './parse.ts'
import { receive, usualTiming, type XTiming } from './receive.ts'
import { render } from './render.ts'
import { confirm, remove, send } from './send.ts'
import { parseSettings, settingsSchema, type XSettings } from './settings.ts'
import { handleWebhook } from './webhook.ts'
import { ownAccount } from './wire.ts'
import { instructions, translations } from './words.ts'

export const xChannel = createXChannel()

/** Other times than the usual are for those who cannot wait a minute. */
export function createXChannel(timing: XTiming = usualTiming): ChannelAdapter<XSettings> {
  return {
    id: 'x',
    name: 'X',
    icon,
    settingsSchema,
    asksPrivacyPage: true,
    instructions,
    translations,
    parseSettings,
    capabilities,
    render: (content, _settings, thread) => render(content, thread),
    connect: (settings, env) => connect(settings, env, timing),
  }
}

async function connect(settings: XSettings, env: ChannelEnv, timing: XTiming): Promise<ChannelConnection> {
  const x = await createApi(settings, env)
  const me = await whoAmI(x)
  return {
    receive: (since, sink, signal) => receive(x, me, since, sink, { signal, timing }),
    send: (request, signal) => send(x, me, request, signal),
    download: (attachment, signal) => download(x, attachment, signal),
    close: async () => {},
    ...(settings.directMessages && {
      privateDoor: ({ kind }) => (kind === 'post' ? `https://x.com/messages/compose?recipient_id=${me.id}` : null),
    }),
    ...(settings.directMessages && { confirm: (request, signal) => confirm(x, me, request, signal) }),
    ...(settings.mentions && { remove: (request, signal) => remove(x, request, signal) }),
    ...(settings.receive === 'webhook' && {
      handleWebhook: (request, sink) => handleWebhook({ settings, me }, request, sink),
    }),
  }
}

async function whoAmI(x: XApi): Promise<Me> {
  const signal = AbortSignal.timeout(20_000)
  const { data } = await x.call({ method: 'GET', path: 'users/me', query: {}, purpose: 'read', signal })
  const account = ownAccount.safeParse(data).data?.data
  if (!account) throw new ChannelError({ kind: 'unavailable' }, 'X did not say whose account this is.')
  return { id: account.id, username: account.username ?? '' }
}

/** Pictures of direct messages are private: the API's door to them takes OAuth 2 only, the place where they lie OAuth 1.0a. */
async function download(x: XApi, { ref }: RemoteAttachment, signal: AbortSignal): Promise<Readable> {
  const url = new URL(String((ref as { url?: unknown } | null)?.url))
  const behind = /^\/(?:1\.1|i)\/ton\/data\/dm\/([\w-]+)\/([\w-]+)\/([\w.-]+)$/.exec(url.pathname)
  const path = `dm_conversations/media/${behind?.slice(1).join('/')}`
  const door = x.settings.clientId === undefined ? ({ path, file: url } as const) : ({ path, as: 'consented' } as const)
  // Nobody else is shown a signature of ours.
  const isX = /^ton\.(?:twitter|x)\.com$/.test(url.hostname) || url.origin === new URL(x.settings.apiUrl).origin
  const response =
    behind && isX
      ? await x.open({ method: 'GET', ...door, purpose: 'read', signal })
      : await x.env.fetch(url, { signal }).catch((error: unknown) => {
          throw unreachable(error, 'read')
        })
  if (!response.ok) {
    await response.body?.cancel().catch(() => {})
    throw refusal({ status: response.status, headers: response.headers, body: '' }, 'read', x.env.clock())
  }
  if (response.body === null) throw new ChannelError({ kind: 'unavailable' }, 'X sent an empty file.')
  return Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
}
