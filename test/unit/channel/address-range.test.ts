import { expect, test } from 'vitest'
import { isListed } from '../../../src/channel/address-range.ts'

const relays = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32', '2001:db9::1']

test.each(['192.0.2.7', '::ffff:192.0.2.7', '198.51.100.200', '::ffff:198.51.100.1', '2001:db8:1::9', '2001:db9::1'])(
  '%s is a relay',
  (address) => expect(isListed(address, relays)).toBe(true),
)

test.each(['192.0.2.8', '198.51.101.1', '2001:db9::2', '::1', '127.0.0.1', '', 'mx.desk.test', '192.0.2.7.evil.test'])(
  '%j is a stranger',
  (address) => expect(isListed(address, relays)).toBe(false),
)

test('nobody is a relay where none is named', () => {
  expect(isListed('127.0.0.1', [])).toBe(false)
})
