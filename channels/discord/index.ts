import type { Readable } from 'node:stream'
import type { ChannelAdapter, ChannelConnection, ChannelEnv, RemoteAttachment } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { fetchedFile } from '../../src/channel/fetched-file.ts'
import { capabilities } from './capabilities.ts'
import { type Link, signIn } from './link.ts'
import type { AttachmentRef, AvatarRef } from './parse.ts'
import { channelOf } from './places.ts'
import { receive } from './receive.ts'
import { render } from './render.ts'
import { edit, findSent, react, remove, send } from './send.ts'
import { type DiscordSettings, parseSettings, settingsSchema } from './settings.ts'
import { handleWebhook } from './webhook.ts'
import { messageSchema } from './wire.ts'
import { instructions, translations } from './words.ts'

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
  'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><path d="M8.5 5c-1.6.3-2.900.7-4 1.300C2.800 9.300 2 12.400 2 ' +
  '16.200c1.500 1.200 3 2 4.800 2.500L8 16.500c2.600.7 5.400.7 8 0l1.200 2.200c1.800-.5 3.300-1.300 4.800-2.500 0-3.800-.8-6.900-2.500-9.900-1.100-.6-2.400-1' +
  '-4-1.300L15 6.500a15 15 0 0 0-6 0z"/><path d="M9 11.500v1M15 11.500v1"/></svg>'

export const discordChannel: ChannelAdapter<DiscordSettings> = {
  id: 'discord',
  name: 'Discord',
  icon,
  settingsSchema,
  asksPrivacyPage: true,
  instructions,
  translations,
  parseSettings,
  capabilities,
  render: (content) => render(content),
  connect,
}

async function connect(settings: DiscordSettings, env: ChannelEnv): Promise<ChannelConnection> {
  const link = await signIn(settings, env)
  const closing = new AbortController()
  return {
    receive: (since, sink, signal) => receive(link, since, sink, AbortSignal.any([signal, closing.signal])),
    ...(settings.publicKey !== undefined && {
      handleWebhook: (request, sink) => handleWebhook(link, request, sink),
    }),
    send: (request, signal) => send(link, request, signal),
    confirm: (request, signal) => findSent(link, request, signal),
    edit: (request, signal) => edit(link, request, signal),
    remove: (request, signal) => remove(link, request, signal),
    react: (request, signal) => react(link, request, signal),
    showTyping: async (thread) => {
      await link.api.call('POST', `/channels/${channelOf(thread)}/typing`, { safe: true })
    },
    ...(settings.directMessages && {
      privateDoor: ({ audience }) => (audience === 'private' ? null : `https://discord.com/users/${link.selfId}`),
    }),
    download: (attachment, signal) => download(link, attachment, signal),
    close: async () => {
      closing.abort()
      link.api.rest.clearHashSweeper()
      link.api.rest.clearHandlerSweeper()
    },
  }
}

/** The address expires after a day or so; its message gives a new one. */
async function download(
  { env, api, settings }: Link,
  { ref }: RemoteAttachment,
  signal: AbortSignal,
): Promise<Readable> {
  const { url, channel, message, id } = ref as AttachmentRef
  const fetched = (address: string | URL) => fetchedFile('Discord', env.fetch(address, { signal }))
  const { avatar } = ref as Partial<AvatarRef>
  if (avatar !== undefined) return fetched(avatarUrl(settings, avatar))
  const first = await fetched(url).catch((error: unknown) => {
    if (signal.aborted) throw error
    return null
  })
  if (first) return first
  const { attachments = [], message_snapshots: forwarded = [] } =
    messageSchema.safeParse(await api.call('GET', `/channels/${channel}/messages/${message}`, { signal })).data ?? {}
  const all = [...attachments, ...forwarded.flatMap((one) => one.message.attachments)]
  const fresh = all.find((one) => one.id === id)
  if (fresh) return fetched(fresh.url)
  throw new ChannelError({ kind: 'rejected', reason: 'other' }, 'Discord has this file no more.')
}

/** https://docs.discord.com/developers/reference#image-formatting */
function avatarUrl({ apiUrl }: DiscordSettings, avatar: string): URL {
  const { hostname, origin } = new URL(apiUrl)
  const path = avatar.split('/').map(encodeURIComponent).join('/')
  return new URL(`/avatars/${path}.png?size=128`, hostname === 'discord.com' ? 'https://cdn.discordapp.com' : origin)
}
