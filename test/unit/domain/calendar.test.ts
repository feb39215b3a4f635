import fc from 'fast-check'
import { IANAZone } from 'luxon'
import { expect, it } from 'vitest'
import {
  addOpenTime,
  type BusinessHours,
  calendarOf,
  isOpen,
  nextOpening,
  openTimeBetween,
} from '../../../src/domain/calendar.ts'
import { isTimeZone, offsetsOf } from '../../../src/domain/time-zone.ts'
import { week } from '../../support/promised-cases.ts'

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
]
const time = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const span = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_440 }))
  .filter(([, from, to]) => to > from)
  .map(([day, from, to]) => ({ day, from: time(from), to: time(to) }))
const hours: fc.Arbitrary<BusinessHours> = fc.record({
  timeZone: fc.constantFrom(...zones),
  week: fc.array(span, { minLength: 1, maxLength: 10 }),
  holidays: fc.constantFrom([], [{ from: '2026-03-28', to: '2026-03-30', name: '' }]),
})
const instant = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2027-12-31') })
const amount = fc.integer({ min: 1, max: 20 * 86_400_000 })

it('adding open time and measuring it are each other’s inverse', () => {
  fc.assert(
    fc.property(hours, instant, amount, (given, from, ms) => {
      const calendar = calendarOf(given)
      const end = addOpenTime(calendar, from, ms)
      if (end === null) return
      expect(openTimeBetween(calendar, from, end)).toBe(ms)
      // And no later than it must be.
      expect(openTimeBetween(calendar, from, end - 1)).toBe(ms - 1)
    }),
    { numRuns: 300 },
  )
})

it('time measured in two pieces is the same as in one', () => {
  fc.assert(
    fc.property(hours, fc.tuple(instant, amount, amount), (given, [from, a, b]) => {
      const calendar = calendarOf(given)
      const whole = openTimeBetween(calendar, from, from + a + b)
      expect(openTimeBetween(calendar, from, from + a) + openTimeBetween(calendar, from + a, from + a + b)).toBe(whole)
    }),
    { numRuns: 200 },
  )
})

it('the next opening is open, and nothing before it was', () => {
  fc.assert(
    fc.property(hours, instant, (given, at) => {
      const calendar = calendarOf(given)
      const next = nextOpening(calendar, at)
      if (next === null) return
      expect(isOpen(calendar, next)).toBe(true)
      expect(openTimeBetween(calendar, at, next)).toBe(0)
    }),
    { numRuns: 200 },
  )
})

it('offsets are those that others know', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (zone, at) => {
      expect(offsetsOf(zone)(at)).toBe(IANAZone.create(zone).offset(at) * 60_000)
    }),
  )
})

it('a holiday ends the day there', () => {
  const calendar = calendarOf({
    timeZone: 'Pacific/Chatham',
    week: week('Mon-Sun 00:00-24:00'),
    holidays: [{ from: '2026-02-06', to: '2026-02-06', name: 'Waitangi' }],
  })
  expect(isOpen(calendar, Date.parse('2026-02-06T00:00+13:45'))).toBe(false)
  expect(isOpen(calendar, Date.parse('2026-02-05T23:59+13:45'))).toBe(true)
  expect(nextOpening(calendar, Date.parse('2026-02-06T12:00+13:45'))).toBe(Date.parse('2026-02-07T00:00+13:45'))
})

it('names of zones are checked', () => {
  expect(['Europe/Berlin', 'UTC', 'Asia/Kolkata'].map(isTimeZone)).toEqual([true, true, true])
  expect(['Berlin', '+02:00', '', 'Mars/Olympus'].map(isTimeZone)).toEqual([false, false, false, false])
})
