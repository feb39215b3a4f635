import { calendarOf, isOpen, nextOpening } from '../../domain/calendar.ts'
import {
  type BusinessHoursRow,
  createBusinessHours,
  deleteBusinessHours,
  listBusinessHours,
  lockBusinessHours,
  writeBusinessHours,
} from '../../store/business-hours.ts'
import { transaction } from '../../store/database.ts'
import { enqueueJobs } from '../../store/job.ts'
import { recalculateAll } from '../../store/sla-policy.ts'
import { type BusinessHours, businessHours, businessHoursPatch, newBusinessHours } from '../../wire/business-hours.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError, notFound } from '../http-error.ts'

export function registerBusinessHours(app: Api, deps: HttpDeps): void {
  const { db, clock } = deps
  const view = (row: BusinessHoursRow) => viewOf(row, clock())
  app.get(
    '/business-hours',
    {
      config: { access: 'read' },
      schema: { summary: 'When people are there', response: { 200: page(businessHours) } },
    },
    async () => ({ items: (await listBusinessHours(db.pool)).map(view), next: null }),
  )
  app.post(
    '/business-hours',
    {
      config: { access: 'admin' },
      schema: { summary: 'Add hours of a place', body: newBusinessHours, response: { 201: businessHours } },
    },
    async (request, reply) => {
      const { holidays = [], ...rest } = request.body
      return reply.code(201).send(view(await createBusinessHours(db.pool, { ...rest, holidays })))
    },
  )
  app.patch(
    '/business-hours/:id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Change them; what is promised by them is reckoned anew',
        params: idParams,
        body: businessHoursPatch,
        response: { 200: businessHours },
      },
    },
    async (request) => {
      const { id } = request.params
      const row = await transaction(db, async (tx) => {
        const before = await lockBusinessHours(tx, id)
        if (!before) throw notFound('These hours')
        const { name = before.name, timeZone = before.timeZone, week = before.week, holidays } = request.body
        await enqueueJobs(tx, [recalculateAll])
        return writeBusinessHours(tx, id, { name, timeZone, week, holidays: holidays ?? before.holidays })
      })
      return view(row)
    },
  )
  app.delete(
    '/business-hours/:id',
    {
      config: { access: 'admin' },
      schema: { summary: 'Remove hours that no policy counts by', params: idParams, response: noContent },
    },
    async (request, reply) => {
      const outcome = await transaction(db, (tx) => deleteBusinessHours(tx, request.params.id))
      if (outcome === 'unknown') throw notFound('These hours')
      if (outcome === 'used') throw new HttpError(409, 'used', 'A policy counts by these hours. Change it first.')
      return reply.code(204).send()
    },
  )
}

function viewOf({ createdAt, week, holidays, ...row }: BusinessHoursRow, now: Date): BusinessHours {
  const calendar = calendarOf({ ...row, week, holidays })
  const next = nextOpening(calendar, now.getTime())
  return {
    ...row,
    week: [...week],
    holidays: [...holidays],
    open: isOpen(calendar, now.getTime()),
    nextOpening: next === null ? null : new Date(next).toISOString(),
    createdAt: createdAt.toISOString(),
  }
}
