import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import type { SendReceipt, SendRequest } from '../../../src/channel/contract.ts'
import { ChannelError } from '../../../src/channel/errors.ts'
import { call, type LoopApi } from './calls.ts'
import type { LoopPayload } from './render.ts'
import type { LoopSend } from './wire.ts'

const sent = z.object({ id: z.string().min(1), at: z.number() })

export async function sendLoop(api: LoopApi, request: SendRequest, signal: AbortSignal): Promise<SendReceipt> {
  const body = await bodyOf(api, request)
  return receiptOf(await call(api, { method: 'POST', path: '/messages', body, signal, safe: false }))
}

/** null: the platform knows no message with this key, which does not mean that none is on its way. */
export async function confirmLoop(
  api: LoopApi,
  request: SendRequest,
  signal: AbortSignal,
): Promise<SendReceipt | null> {
  const path = `/sent?key=${encodeURIComponent(request.idempotencyKey)}`
  const told = await call(api, { method: 'GET', path, signal, safe: true })
  return told === null ? null : receiptOf(told)
}

async function bodyOf(api: LoopApi, request: SendRequest): Promise<LoopSend> {
  const payload = request.part.payload as LoopPayload
  const files = await Promise.all(
    payload.files.map(async ({ id, name, type }) => {
      const { stream } = await request.files.open(id)
      return { name, type, base64: (await buffer(stream)).toString('base64') }
    }),
  )
  const keyed = api.settings.idempotent || api.settings.confirm
  return {
    chat: request.thread.key,
    text: payload.text,
    ...(keyed ? { key: request.idempotencyKey } : {}),
    ...(request.replyTo === undefined ? {} : { replyTo: request.replyTo }),
    ...(files.length > 0 ? { files } : {}),
  }
}

function receiptOf(told: unknown): SendReceipt {
  const parsed = sent.safeParse(told)
  if (!parsed.success) {
    throw new ChannelError({ kind: 'uncertain' }, 'The loop platform said yes but named no message.')
  }
  return { externalId: parsed.data.id, at: new Date(parsed.data.at) }
}
