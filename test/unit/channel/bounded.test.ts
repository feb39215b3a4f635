import { expect, test } from 'vitest'
import { bounded } from '../../../src/channel/bounded.ts'

test('a bounded memory forgets what was not used for longest, never more, and grows no further', () => {
  const memory = bounded<number>(3)
  for (const [n, key] of ['a', 'b', 'c'].entries()) memory.set(key, n)
  expect(memory.get('a')).toBe(0)
  memory.set('d', 3)
  expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key))).toEqual([0, undefined, 2, 3])
  for (let n = 0; n < 10_000; n += 1) memory.set(`${n}`, n)
  expect(Array.from({ length: 10_000 }, (_, n) => memory.get(`${n}`)).filter((one) => one !== undefined)).toHaveLength(
    3,
  )
})
