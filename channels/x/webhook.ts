import { createHmac, timingSafeEqual } from 'node:crypto'
import type { InboundSink, WebhookRequest, WebhookResponse } from '../../src/channel/contract.ts'
import { parseActivity } from './activity.ts'
import type { Me } from './parse.ts'
import type { XSettings } from './settings.ts'

const json = { 'content-type': 'application/json' }

/** `sha256=…` in base64, as X signs and wants to be answered. */
export function xSignature(secret: string, data: Buffer | string): string {
  return `sha256=${createHmac('sha256', secret).update(data).digest('base64')}`
}

export async function handleWebhook(
  { settings, me }: { readonly settings: XSettings; readonly me: Me },
  { method, query, headers, body }: WebhookRequest,
  sink: InboundSink,
): Promise<WebhookResponse> {
  const { apiSecret = '', clientSecret } = settings
  if (method === 'GET') {
    const token = query['crc_token'] ?? ''
    // Whatever is answered here is signed: a body of our caller's own making must not be.
    if (!/^[\w+/=.-]{1,200}$/.test(token)) return { status: 400 }
    return {
      status: 200,
      headers: json,
      body: JSON.stringify({ response_token: xSignature(clientSecret ?? apiSecret, token) }),
    }
  }
  const modern = headers['x-twitter-webhooks-signature-oauth2']
  const [claimed, secret] =
    modern !== undefined && clientSecret !== undefined
      ? [modern, clientSecret]
      : [headers['x-twitter-webhooks-signature'], apiSecret]
  if (typeof claimed !== 'string' || !same(claimed, xSignature(secret, body))) return { status: 401 }
  const told = parseActivity(jsonOf(body), me)
  for (const thread of told.typing) sink.ephemeral({ thread, typing: true })
  if (told.events.length > 0 || told.ignored.length > 0)
    await sink.commit({ events: told.events, ignored: told.ignored })
  return { status: 200, headers: json, body: '{}' }
}

function same(claimed: string, right: string): boolean {
  const [a, b] = [Buffer.from(claimed), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8')) as unknown
  } catch {
    return null
  }
}
