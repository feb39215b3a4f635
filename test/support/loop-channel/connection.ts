import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { ChannelConnection, ChannelEnv, RemoteAttachment, ThreadRef } from '../../../src/channel/contract.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { answered, call, type LoopApi } from './calls.ts'
import { refusalOf } from './errors.ts'
import { receiveLoop } from './receive.ts'
import type { LoopPayload } from './render.ts'
import { confirmLoop, sendLoop } from './send.ts'
import type { LoopSettings } from './settings.ts'
import { handleLoopWebhook } from './webhook.ts'

/** For calls that have no signal of their own. */
const patienceMs = 10_000

export async function connectLoop(settings: LoopSettings, env: ChannelEnv): Promise<ChannelConnection> {
  const api: LoopApi = { settings, env }
  await call(api, { method: 'GET', path: '/me', signal: AbortSignal.timeout(patienceMs), safe: true })
  return {
    ...receiving(api),
    ...changes(api),
    send: (request, signal) => sendLoop(api, request, signal),
    download: (attachment, signal) => download(api, attachment, signal),
    close: async () => {},
    ...(settings.confirm ? { confirm: (request, signal) => confirmLoop(api, request, signal) } : {}),
  }
}

function receiving(api: LoopApi): Pick<ChannelConnection, 'receive' | 'handleWebhook'> {
  const { receive, webhookSecret } = api.settings
  return {
    // By webhook alone there is nothing to catch up on.
    receive: async (since, sink, signal) => {
      if (receive !== 'webhook') await receiveLoop(api, since, sink, signal)
    },
    ...(receive === 'polling'
      ? {}
      : { handleWebhook: (request, sink) => handleLoopWebhook(webhookSecret, request, sink) }),
  }
}

function changes(api: LoopApi): Pick<ChannelConnection, 'edit' | 'remove' | 'react' | 'showTyping' | 'markRead'> {
  const path = (id: string) => `/messages/${encodeURIComponent(id)}`
  const act = async (name: string, thread: ThreadRef, upTo?: string) => {
    const signal = AbortSignal.timeout(patienceMs)
    await call(api, { method: 'POST', path: `/${name}`, body: { chat: thread.key, upTo }, signal, safe: true })
  }
  return {
    edit: async (request, signal) => {
      const { text } = request.part.payload as LoopPayload
      await call(api, { method: 'PATCH', path: path(request.externalId), body: { text }, signal, safe: true })
      return { externalId: request.externalId }
    },
    remove: async (request, signal) => {
      await call(api, { method: 'DELETE', path: path(request.externalId), signal, safe: true })
    },
    react: async ({ externalId, reactions }, signal) => {
      await call(api, { method: 'PUT', path: `${path(externalId)}/reactions`, body: { reactions }, signal, safe: true })
    },
    showTyping: (thread) => act('typing', thread),
    markRead: (thread, upTo) => act('read', thread, upTo),
  }
}

async function download(api: LoopApi, attachment: RemoteAttachment, signal: AbortSignal): Promise<Readable> {
  const path = `/files/${encodeURIComponent(String(attachment.ref))}`
  const response = await answered(api, { method: 'GET', path, signal, safe: true })
  if (!response.ok) throw await refusalOf(response, true)
  if (response.body === null) throw new ChannelError({ kind: 'unavailable' }, 'The loop platform sent an empty file.')
  return Readable.fromWeb(response.body as ReadableStream<Uint8Array>)
}
