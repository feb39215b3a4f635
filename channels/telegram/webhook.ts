import type { InboundSink, WebhookRequest, WebhookResponse } from '../../src/channel/contract.ts'
import { within } from '../../src/channel/deadline.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { TelegramApi } from './api.ts'
import { tellCommands } from './commands.ts'
import { limitsOf, type Reader } from './receive.ts'
import { allowedUpdates, updateShape } from './wire.ts'

const secretHeader = 'x-telegram-bot-api-secret-token'

/** Its signature is the secret: base64url, which is what Telegram allows in one. */
const signed = 'telegram webhook'

/** Tells Telegram where to call. One call at a time: several would lose the order. */
export async function register(api: TelegramApi, sink: InboundSink, signal: AbortSignal): Promise<void> {
  const { env } = api
  sink.warn(await limitsOf(api))
  const url = `${env.publicUrl.replace(/\/$/, '')}/hooks/${env.inboxId}`
  const wish = { url, secret_token: env.sign(signed), max_connections: 1, allowed_updates: allowedUpdates }
  try {
    await within(20_000, signal, (until) => api.ask('setWebhook', wish, until))
    await tellCommands(api, signal)
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof ChannelError) || error.failure.kind !== 'rejected') throw error
    const advice = 'Set PUBLIC_URL to an https address that Telegram can reach, or let Tributary ask Telegram instead.'
    throw new ChannelError({ kind: 'unavailable', afterMs: 60_000 }, `${error.message}. ${advice}`)
  }
}

export async function handleWebhook(
  api: TelegramApi,
  reader: Reader,
  request: WebhookRequest,
  sink: InboundSink,
): Promise<WebhookResponse> {
  const claimed = request.headers[secretHeader]
  if (typeof claimed !== 'string' || !api.env.verify(signed, claimed)) return { status: 403 }
  const length = request.headers['content-length']
  // The secret says who calls, not what was said: a body of another length was changed on its way.
  if (length !== undefined && length !== String(request.body.length)) return { status: 400 }
  const update: unknown = await new Response(new Uint8Array(request.body)).json().catch(() => null)
  if (!updateShape.safeParse(update).success) return { status: 400 }
  const { events, ignored, callbacks } = reader.read([update])
  await sink.commit({ events, ignored })
  reader.answer(callbacks)
  return { status: 200 }
}
