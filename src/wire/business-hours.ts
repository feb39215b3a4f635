import { z } from 'zod'
import { minutesOf } from '../domain/calendar.ts'
import { isTimeZone } from '../domain/time-zone.ts'
import { id, name, time } from './primitive.ts'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 09:30')
const end = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time like 17:30, or 24:00')
const date = z.iso.date()

const span = z.strictObject({
  /** 1 is Monday, 7 Sunday. */
  day: z.number().int().min(1).max(7),
  from: clock,
  to: end,
})
export type OpenSpan = z.infer<typeof span>

const week = z
  .array(span)
  .min(1, 'must have at least one time')
  .max(70)
  .refine((spans) => spans.every(({ from, to }) => minutesOf(from) < minutesOf(to)), 'must open before it closes')
  .refine(
    (spans) => spans.every((one, n) => spans.every((other, m) => m <= n || apart(one, other))),
    'must not overlap',
  )

/** Whole days there, both included. */
const holiday = z
  .strictObject({ from: date, to: date, name: z.string().trim().max(200) })
  .refine(({ from, to }) => from <= to, 'must not end before it begins')
export type Holiday = z.infer<typeof holiday>
const holidays = z.array(holiday).max(500)

const timeZone = z.string().max(60).refine(isTimeZone, 'must be a time zone like Europe/Berlin')

export const businessHours = z.object({
  id,
  name: z.string(),
  timeZone: z.string(),
  week: z.array(z.object({ day: z.number().int(), from: z.string(), to: z.string() })),
  holidays: z.array(z.object({ from: z.string(), to: z.string(), name: z.string() })),
  /** By the clock now. */
  open: z.boolean(),
  /** Now, when it is open; null: not within three years. */
  nextOpening: time.nullable(),
  createdAt: time,
})
export type BusinessHours = z.infer<typeof businessHours>

export const newBusinessHours = z.strictObject({ name, timeZone, week, holidays: holidays.optional() })
export type NewBusinessHours = z.infer<typeof newBusinessHours>

/** `week` and `holidays` are the whole lists. */
export const businessHoursPatch = z.strictObject({
  name: name.optional(),
  timeZone: timeZone.optional(),
  week: week.optional(),
  holidays: holidays.optional(),
})
export type BusinessHoursPatch = z.infer<typeof businessHoursPatch>

function apart(one: OpenSpan, other: OpenSpan): boolean {
  if (one.day !== other.day) return true
  return minutesOf(one.to) <= minutesOf(other.from) || minutesOf(other.to) <= minutesOf(one.from)
}
