import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Sealed } from '../../../src/domain/sealer.ts'
import { createSealer } from '../../../src/security/seal.ts'

const key = 'a key that is long enough for this'
const other = 'another key that is long enough too'

describe('a sealed secret', () => {
  test('opens to the same text, whatever the text', () => {
    const sealer = createSealer(key)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        expect(sealer.open(sealer.seal(plain, context), context)).toBe(plain)
      }),
    )
  })

  test('does not show its text and differs each time', () => {
    const sealer = createSealer(key)
    const sealed = sealer.seal('hunter2hunter2', 'inbox:1')
    expect(JSON.stringify(sealed)).not.toContain('hunter2')
    expect(Buffer.from(sealed.data, 'base64url').toString('latin1')).not.toContain('hunter2')
    expect(sealer.seal('hunter2hunter2', 'inbox:1').data).not.toBe(sealed.data)
  })

  test('survives its jsonb column', () => {
    const sealer = createSealer(key)
    expect(sealer.open(JSON.parse(JSON.stringify(sealer.seal('秘密 🔑', 'c'))), 'c')).toBe('秘密 🔑')
  })

  test('opens only for the row it was sealed for', () => {
    const sealer = createSealer(key)
    expect(() => sealer.open(sealer.seal('x', 'inbox:1'), 'inbox:2')).toThrow(/another row/)
  })

  test('refuses every changed byte', () => {
    const sealer = createSealer(key)
    const sealed = sealer.seal('secret', 'c')
    for (const field of ['nonce', 'tag', 'data'] as const) {
      const bytes = Buffer.from(sealed[field], 'base64url')
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(() => sealer.open({ ...sealed, [field]: changed.toString('base64url') }, 'c')).toThrow(/changed/)
      }
    }
  })

  test('refuses a tag cut short and whatever is no sealed value', () => {
    const sealer = createSealer(key)
    const sealed = sealer.seal('x', 'c')
    const shortTag = Buffer.from(sealed.tag, 'base64url').subarray(0, 4).toString('base64url')
    for (const wrong of [
      { ...sealed, tag: shortTag },
      { ...sealed, nonce: '' },
      { ...sealed, tag: '%%%' },
      {},
      '',
      [],
    ]) {
      expect(() => sealer.open(wrong as Sealed, 'c')).toThrow(/Not a sealed value/)
    }
  })

  test('under another key names the key id and not the key', () => {
    const sealed = createSealer(other).seal('x', 'c')
    expect(() => createSealer(key).open(sealed, 'c')).toThrow(/Sealed under another key \([0-9a-f]{8}\)/)
    expect(createSealer(key, [other]).open(sealed, 'c')).toBe('x')
  })

  test('takes no weak key', () => {
    expect(() => createSealer('short')).toThrow(/shorter than 16/)
  })
})

test('derived keys differ by purpose and by installation', () => {
  const sealer = createSealer(key)
  expect(sealer.deriveKey('a')).toHaveLength(32)
  expect(sealer.deriveKey('a').equals(createSealer(key).deriveKey('a'))).toBe(true)
  expect(sealer.deriveKey('a').equals(sealer.deriveKey('b'))).toBe(false)
  expect(sealer.deriveKey('a').equals(createSealer(other).deriveKey('a'))).toBe(false)
})
