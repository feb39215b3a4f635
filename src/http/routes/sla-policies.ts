import { promiseKinds } from '../../domain/promise.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import { enqueueJobs } from '../../store/job.ts'
import {
  deleteSlaPolicy,
  findSlaPolicy,
  insertSlaPolicy,
  listSlaPolicies,
  lockSlaPolicy,
  recalculateAll,
  type SlaPolicyFields,
  type SlaPolicy as SlaPolicyRow,
  setPolicyUsers,
  writeSlaPolicy,
} from '../../store/sla-policy.ts'
import { page } from '../../wire/primitive.ts'
import {
  newSlaPolicy,
  type SlaPolicy,
  type SlaPolicyPatch,
  slaPolicy,
  slaPolicyPatch,
  type Targets,
} from '../../wire/sla-policy.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { notFound } from '../http-error.ts'

export function registerSlaPolicies(app: Api, deps: HttpDeps): void {
  const { db } = deps
  app.get(
    '/sla-policies',
    { config: { access: 'read' }, schema: { summary: 'What is promised', response: { 200: page(slaPolicy) } } },
    async (request) => {
      const seen = new Set(principalOf(request).inboxIds)
      const rows = await listSlaPolicies(db.pool)
      return {
        items: rows.map((row) => viewOf({ ...row, inboxIds: row.inboxIds.filter((id) => seen.has(id)) })),
        next: null,
      }
    },
  )
  app.post(
    '/sla-policies',
    {
      config: { access: 'admin' },
      schema: { summary: 'Promise something', body: newSlaPolicy, response: { 201: slaPolicy } },
    },
    async (request, reply) => {
      const made = await transaction(db, async (tx) => {
        const id = await insertSlaPolicy(tx, fieldsOf(request.body, nothing))
        return saved(tx, id, request.body)
      })
      return reply.code(201).send(made)
    },
  )
  app.patch(
    '/sla-policies/:id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Change what is promised; it is reckoned anew for all that is not over',
        params: idParams,
        body: slaPolicyPatch,
        response: { 200: slaPolicy },
      },
    },
    (request) =>
      transaction(db, async (tx) => {
        const { id } = request.params
        const before = await lockSlaPolicy(tx, id)
        if (!before) throw notFound('This policy')
        await writeSlaPolicy(tx, id, fieldsOf(request.body, before))
        return saved(tx, id, request.body)
      }),
  )
  app.delete(
    '/sla-policies/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Promise it no more', params: idParams, response: noContent },
    },
    async (request, reply) => {
      await transaction(db, async (tx) => {
        if (!(await deleteSlaPolicy(tx, request.params.id))) throw notFound('This policy')
        await enqueueJobs(tx, [recalculateAll])
      })
      return reply.code(204).send()
    },
  )
}

const nothing: SlaPolicyFields = {
  name: '',
  businessHoursId: null,
  targets: {},
  warnPercent: null,
  warnMinutes: null,
  isDefault: false,
  escalates: false,
}

function fieldsOf(body: SlaPolicyPatch, before: SlaPolicyFields): SlaPolicyFields {
  const { name = before.name, isDefault = before.isDefault, escalates = before.escalates } = body
  const { businessHoursId, targets, warning } = body
  return {
    name,
    isDefault,
    escalates,
    businessHoursId: businessHoursId === undefined ? before.businessHoursId : businessHoursId,
    targets: targets === undefined ? before.targets : storedTargets(targets),
    warnPercent: warning === undefined ? before.warnPercent : warning && 'percent' in warning ? warning.percent : null,
    warnMinutes: warning === undefined ? before.warnMinutes : warning && 'minutes' in warning ? warning.minutes : null,
  }
}

async function saved(tx: Queryable, id: string, { teamIds, inboxIds }: SlaPolicyPatch): Promise<SlaPolicy> {
  await setPolicyUsers(tx, id, { teamIds, inboxIds })
  await enqueueJobs(tx, [recalculateAll])
  const row = await findSlaPolicy(tx, id)
  if (!row) throw notFound('This policy')
  return viewOf(row)
}

function storedTargets(targets: Targets): SlaPolicyFields['targets'] {
  return Object.fromEntries(
    promiseKinds.flatMap((kind) => {
      const one = targets[kind]
      return one ? [[kind, [one.low, one.normal, one.high, one.urgent]]] : []
    }),
  )
}

function viewOf({ targets, warnPercent, warnMinutes, createdAt, ...row }: SlaPolicyRow): SlaPolicy {
  const shown: Targets = {}
  for (const kind of promiseKinds) {
    const stored = targets[kind]
    if (!stored) continue
    const [low, normal, high, urgent] = stored
    shown[kind] = { low, normal, high, urgent }
  }
  return {
    ...row,
    targets: shown,
    warning: warnPercent !== null ? { percent: warnPercent } : warnMinutes !== null ? { minutes: warnMinutes } : null,
    createdAt: createdAt.toISOString(),
  }
}
