import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOffMs } from '../../../src/ingest/back-off.ts'

const limits = { firstMs: 1_000, longestMs: 60_000 }

test('the pause begins at the first and never passes the longest, however many failures and whatever the luck', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const ms = backOffMs(failures, limits, random)
      expect(ms).toBeGreaterThanOrEqual(limits.firstMs)
      expect(ms).toBeLessThanOrEqual(limits.longestMs)
    }),
  )
})

test('the pause grows with each failure until it reaches the longest', () => {
  const pauses = Array.from({ length: 10 }, (_, i) => backOffMs(i + 1, limits, 0.5))
  expect(pauses.slice(0, 4)).toEqual([1_500, 3_000, 6_000, 12_000])
  expect(pauses.at(-1)).toBe(45_000)
})

test('inboxes that failed together come back apart', () => {
  const pauses = new Set(Array.from({ length: 20 }, (_, i) => backOffMs(5, limits, i / 20)))
  expect(pauses.size).toBe(20)
})
