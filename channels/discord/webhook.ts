import { createPublicKey, verify } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { InboundSink, WebhookRequest, WebhookResponse } from '../../src/channel/contract.ts'
import { isForm } from './form.ts'
import { answer, asksForForm, formFor, hearChoice, hearCommand, openPrivately } from './interactions.ts'
import type { Link } from './link.ts'
import { type Interaction, interactionSchema } from './wire.ts'

/** Discord waits three seconds. */
const patienceMs = 2_000
const oldestMs = 5 * 60_000
/** DER of an Ed25519 key in front of its 32 bytes (RFC 8410). */
const keyHead = '302a300506032b6570032100'
const hidden = { flags: 64 }

/** Interactions, where Discord calls an address instead of telling them over the gateway. */
export async function handleWebhook(link: Link, request: WebhookRequest, sink: InboundSink): Promise<WebhookResponse> {
  if (!isSigned(link, request)) return { status: 401 }
  const raw: unknown = await new Response(new Uint8Array(request.body)).json().catch(() => null)
  if ((raw as { type?: unknown } | null)?.type === 1) return answered({ type: 1 })
  const interaction = interactionSchema.safeParse(raw).data
  if (!interaction) return { status: 400 }
  if (asksForForm(interaction)) return answered(await formFor(link, interaction))
  if (isForm(interaction)) return answered(await openInTime(link, interaction))
  const told = await hearCommand(link, raw)
  if (told) {
    await sink.commit({ events: told.events })
    return answered({ type: 4, data: { content: told.content, ...hidden } })
  }
  const pressed = await hearChoice(link, raw)
  if (!pressed) return answered({ type: 6 })
  await sink.commit({ events: pressed.events })
  return answered({ type: 7, data: { components: pressed.components } })
}

const answered = (body: object): WebhookResponse => {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** The same call made again opens nothing more. */
async function openInTime(link: Link, interaction: Interaction): Promise<object> {
  const { id } = interaction
  const opening = link.opening.get(id) ?? link.opening.set(id, openPrivately(link, interaction, 'well'))
  const content = await Promise.race([opening, pause(patienceMs, null, { ref: false })])
  if (content !== null) return { type: 4, data: { content, ...hidden } }
  void opening.then((words) => words !== null && answer(link, interaction, { content: words }))
  return { type: 5, data: hidden }
}

/** https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers */
function isSigned({ settings, env }: Link, { headers, body }: WebhookRequest): boolean {
  const [signature, timestamp] = ['x-signature-ed25519', 'x-signature-timestamp'].map((name) => String(headers[name]))
  if (!settings.publicKey || !/^[0-9a-f]{128}$/i.test(signature ?? '') || !/^\d{1,11}$/.test(timestamp ?? ''))
    return false
  if (Math.abs(env.clock().getTime() - Number(timestamp) * 1_000) > oldestMs) return false
  const key = createPublicKey({
    key: Buffer.from(keyHead + settings.publicKey, 'hex'),
    format: 'der',
    type: 'spki',
  })
  return verify(null, Buffer.concat([Buffer.from(timestamp ?? ''), body]), key, Buffer.from(signature ?? '', 'hex'))
}
