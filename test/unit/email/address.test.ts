import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  deliveryIdOfMessageId,
  deliveryIdOfReturn,
  isAddress,
  messageIdFor,
  replyAddress,
  returnAddress,
  threadKeyOfToken,
  tokenFor,
  tokenInAddress,
} from '../../../channels/email/address.ts'
import { channelEnv } from '../../support/channel-env.ts'

const env = channelEnv({ inboxId: '1' })
const other = channelEnv({ inboxId: '2' })
const own = 'support@desk.test'
const localOf = (address: string) => address.slice(0, address.indexOf('@'))

describe('an address that names a thread', () => {
  test('gives any thread key back, however mail servers write its letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (key) => {
        const token = tokenFor(env, key)
        expect(token).toMatch(/^[a-z0-9]+$/)
        expect(threadKeyOfToken(env, token)).toBe(Buffer.from(key).toString())
        expect(threadKeyOfToken(env, token.toUpperCase())).toBe(Buffer.from(key).toString())
      }),
    )
    const address = replyAddress(env, own, 'a1b2c3d4e5f60718')
    expect(tokenInAddress(address.toUpperCase())).toBe(tokenFor(env, 'a1b2c3d4e5f60718'))
  })

  test('is no address any more once a single character of it was changed', () => {
    const token = tokenFor(env, 'a1b2c3d4e5f60718')
    for (let at = 0; at < token.length; at += 1) {
      const bent = `${token.slice(0, at)}${token[at] === '0' ? '1' : '0'}${token.slice(at + 1)}`
      expect(threadKeyOfToken(env, bent), `character ${at}`).toBeNull()
    }
    for (const none of ['', 'k', token.slice(1), token.slice(0, -1), `${token}0`, 'x'.repeat(10_000)]) {
      expect(threadKeyOfToken(env, none)).toBeNull()
    }
  })

  test('means nothing to another inbox', () => {
    expect(threadKeyOfToken(other, tokenFor(env, 'abc'))).toBeNull()
    expect(deliveryIdOfReturn(other, returnAddress(env, own, '7'))).toBeNull()
    expect(deliveryIdOfMessageId(other, messageIdFor(env, '7', 'desk.test'))).toBeNull()
  })

  test('never has a local part that servers refuse for its length', () => {
    const longest = `${'s'.repeat(24)}@desk.test`
    expect(localOf(replyAddress(env, longest, 'a'.repeat(24))).length).toBeLessThanOrEqual(64)
    expect(replyAddress(env, longest, 'a'.repeat(24))).not.toBe(longest)
    expect(localOf(returnAddress(env, longest, '9223372036854775807')).length).toBeLessThanOrEqual(64)
    expect(replyAddress(env, longest, 'a'.repeat(200))).toBe(longest)
  })
})

test('a bounce names its delivery, a forged one names none', () => {
  const address = returnAddress(env, own, '1042')
  expect(deliveryIdOfReturn(env, address)).toBe('1042')
  expect(deliveryIdOfReturn(env, address.toUpperCase())).toBe('1042')
  expect(deliveryIdOfReturn(env, address.replace('1042', '1043'))).toBeNull()
  expect(deliveryIdOfReturn(env, own)).toBeNull()
})

test('our own Message-IDs are recognised, others and forged ones are not', () => {
  const id = messageIdFor(env, '1042', 'desk.test')
  expect(deliveryIdOfMessageId(env, id)).toBe('1042')
  expect(messageIdFor(env, '1042', 'desk.test')).toBe(id)
  expect(deliveryIdOfMessageId(env, id.replace('1042', '1041'))).toBeNull()
  for (const none of ['', '<a@b>', id.slice(1), `${id} `, id.replace('@desk', '@x>@desk')]) {
    expect(deliveryIdOfMessageId(env, none)).toBeNull()
  }
})

test.each([
  ['ada@example.test', true],
  ['ada+tag@example.test', true],
  ["o'brien@bücher.example", true],
  ['ada@example.test\r\nRCPT TO:<eve@example.test>', false],
  ['ada@example.test>', false],
  ['ada@example.test, eve@example.test', false],
  ['"ada b"@example.test', false],
  ['ada', false],
  ['@example.test', false],
  ['ada@', false],
  ['a@b@c', false],
  ['ada\0@example.test', false],
])('whether %j is an address: %s', (address, right) => {
  expect(isAddress(address)).toBe(right)
})
