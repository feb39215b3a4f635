import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { InboundSink, WebhookRequest, WebhookResponse } from '../../../src/channel/contract.ts'
import { parseUpdates } from './parse.ts'
import { signatureHeader } from './wire.ts'

const body = z.object({ updates: z.array(z.unknown()).max(1_000) })

export function signLoopWebhook(secret: string, raw: Buffer | string): string {
  return createHmac('sha256', secret).update(raw).digest('hex')
}

export async function handleLoopWebhook(
  secret: string,
  request: WebhookRequest,
  sink: InboundSink,
): Promise<WebhookResponse> {
  const claimed = request.headers[signatureHeader]
  if (typeof claimed !== 'string' || !same(claimed, signLoopWebhook(secret, request.body))) return { status: 401 }
  const parsed = body.safeParse(jsonOf(request.body))
  if (!parsed.success) return { status: 400 }
  await sink.commit(parseUpdates(parsed.data.updates))
  return { status: 200, body: '{}', headers: { 'content-type': 'application/json' } }
}

function same(claimed: string, right: string): boolean {
  const a = Buffer.from(claimed)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return null
  }
}
