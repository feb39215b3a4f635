import { z } from 'zod'
import { sendEvent } from '../../jobs/webhook-send.ts'
import { webhookFetch } from '../../security/outbound-fetch.ts'
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  updateWebhook,
  type WebhookRow,
} from '../../store/webhook.ts'
import { againOf, getAttempt, listAttempts, type WebhookLogRow } from '../../store/webhook-delivery.ts'
import { id, limit, page } from '../../wire/primitive.ts'
import {
  createdWebhook,
  newWebhook,
  type Webhook,
  type WebhookDelivery,
  webhook,
  webhookDelivery,
  webhookPatch,
} from '../../wire/webhook.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

const config = { access: 'admin' } as const
const attemptQuery = z.strictObject({ next: id.optional(), limit: limit.optional() })
const attemptParams = z.strictObject({ id, deliveryId: id })

/** Outgoing webhooks hear of every conversation, so they are the administrators' alone. */
export function registerWebhooks(app: Api, deps: HttpDeps): void {
  registerList(app, deps)
  registerOne(app, deps)
  registerAttempts(app, deps)
}

function registerList(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/webhooks',
    { config, schema: { summary: 'Outgoing webhooks', response: { 200: page(webhook) } } },
    async () => ({ items: (await listWebhooks(pool)).map(webhookView), next: null }),
  )
  app.post(
    '/webhooks',
    {
      config,
      schema: { summary: 'Add one; its secret is shown once', body: newWebhook, response: { 201: createdWebhook } },
    },
    async (request, reply) => {
      const { url, events = [], secret } = request.body
      const createdBy = principalOf(request).agentId
      const row = await createWebhook(pool, deps.sealer, { url, events, secret, createdBy })
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ ...webhookView(row), secret: row.secret })
    },
  )
}

function registerOne(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/webhooks/:id',
    { config, schema: { summary: 'One webhook', params: idParams, response: { 200: webhook } } },
    async (request) => webhookView(known(await getWebhook(pool, request.params.id))),
  )
  app.patch(
    '/webhooks/:id',
    { config, schema: { summary: 'Change it', params: idParams, body: webhookPatch, response: { 200: webhook } } },
    async (request) => webhookView(known(await updateWebhook(pool, deps.sealer, request.params.id, request.body))),
  )
  app.delete(
    '/webhooks/:id',
    { config, schema: { summary: 'Remove it', params: idParams, response: noContent } },
    async (request, reply) => {
      if (!(await deleteWebhook(pool, request.params.id))) throw notFound('This webhook')
      return reply.code(204).send()
    },
  )
}

function registerAttempts(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  const fetch = webhookFetch(deps.outboundAllow)
  const answers = { 200: page(webhookDelivery) }
  app.get(
    '/webhooks/:id/deliveries',
    { config, schema: { summary: 'What was sent', params: idParams, querystring: attemptQuery, response: answers } },
    async (request) => {
      known(await getWebhook(pool, request.params.id))
      const size = request.query.limit ?? 50
      const rows = await listAttempts(pool, request.params.id, { before: request.query.next ?? null, limit: size })
      return { items: rows.map(attemptView), next: rows.length === size ? (rows.at(-1)?.id ?? null) : null }
    },
  )
  app.post(
    '/webhooks/:id/deliveries/:deliveryId/redeliver',
    { config, schema: { summary: 'Send it again', params: attemptParams, response: { 200: webhookDelivery } } },
    async (request) => {
      const { id: webhookId, deliveryId } = request.params
      if ((await getAttempt(pool, webhookId, deliveryId)) === null) throw notFound('This delivery')
      const again = await againOf(pool, webhookId, deliveryId)
      if (again === null) throw new HttpError(422, 'eventGone', 'The event is no longer kept and cannot be sent again.')
      const sent = await sendEvent({ db: deps.db, sealer: deps.sealer, fetch }, { id: webhookId, ...again }, again.row)
      return attemptView(known(await getAttempt(pool, webhookId, sent.id)))
    },
  )
}

function known<T>(row: T | null): T {
  if (row === null) throw notFound('This webhook')
  return row
}

function webhookView({ id, url, events, enabled, disabledReason, position, createdAt }: WebhookRow): Webhook {
  return { id, url, events, enabled, disabledReason, position, createdAt: createdAt.toISOString() }
}

function attemptView({ id, eventId, kind, status, error, durationMs, at }: WebhookLogRow): WebhookDelivery {
  return { id, eventId, kind, status, error, durationMs, at: at.toISOString() }
}
