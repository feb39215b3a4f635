import { expect, test } from 'vitest'
import { addressLimits } from '../../../channels/email/address-limits.ts'
import { testClock } from '../../support/clock.ts'

const few = { connections: 2, connectionsPerMinute: 3, mailsPerMinute: 2 }
const there = '203.0.113.9'

test('an address may open only so many connections at once, and in a minute', () => {
  const clock = testClock()
  const limits = addressLimits(clock, few)
  expect([limits.connect(there), limits.connect(there), limits.connect(there)]).toEqual([true, true, false])
  for (let n = 0; n < 3; n++) limits.disconnect(there)
  expect(limits.connect(there)).toBe(false)
  expect(limits.connect('203.0.113.10')).toBe(true)
  clock.advance(60_000)
  expect(limits.connect(there)).toBe(true)
})

test('an address may send only so many mails in a minute', () => {
  const clock = testClock()
  const limits = addressLimits(clock, few)
  expect([1, 2, 3].map(() => limits.mail(there))).toEqual([true, true, false])
  clock.advance(60_000)
  expect(limits.mail(there)).toBe(true)
})

test.each(['127.0.0.1', '::ffff:127.0.0.1', '::1', '10.1.2.3', 'fd00::1'])(
  'the operator’s own relay at %s speaks for everybody',
  (relay) => {
    const limits = addressLimits(testClock(), few)
    for (let n = 0; n < 50; n++) expect(limits.connect(relay) && limits.mail(relay)).toBe(true)
  },
)
