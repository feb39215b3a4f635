import { expect, it } from 'vitest'
import { isTimeZone, onShift } from '../../../src/domain/shift.ts'

const office = [1, 2, 3, 4, 5].map((day) => ({ day, from: 9 * 60, to: 17 * 60 }))
const at = (iso: string) => new Date(iso)

it('a shift is told by the clocks of its place, on both sides of the change to summer time', () => {
  expect(onShift(office, 'Europe/Berlin', at('2026-03-27T07:59:00Z'))).toBe(false)
  expect(onShift(office, 'Europe/Berlin', at('2026-03-27T08:00:00Z'))).toBe(true)
  expect(onShift(office, 'Europe/Berlin', at('2026-03-30T07:00:00Z'))).toBe(true)
  expect(onShift(office, 'Europe/Berlin', at('2026-03-30T15:00:00Z'))).toBe(false)
})

it('the day is that of the place as well', () => {
  const monday = [{ day: 1, from: 0, to: 1440 }]
  expect(onShift(monday, 'Asia/Tokyo', at('2026-03-01T15:00:00Z'))).toBe(true)
  expect(onShift(monday, 'UTC', at('2026-03-01T15:00:00Z'))).toBe(false)
  expect(onShift(monday, 'UTC', at('2026-03-02T23:59:59Z'))).toBe(true)
})

it('who has no shifts works whenever they say so; a place nobody knows is none', () => {
  expect(onShift([], 'UTC', at('2026-03-01T03:00:00Z'))).toBe(true)
  expect([isTimeZone('Asia/Shanghai'), isTimeZone('Middle/Earth')]).toEqual([true, false])
})
