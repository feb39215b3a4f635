import { describe, expect, it } from 'vitest'
import { compilePatterns, patternFault } from '../../../src/routing/safe-pattern.ts'

describe('a pattern', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(a*)*b', '(.*a){20}$', '(x+x+)+y', '\\b(a?){50}a{50}\\b'])(
    'that ruins other engines ends in time linear to the text: %s',
    async (pattern) => {
      const compiled = (await compilePatterns([pattern])).get(pattern)
      compiled?.test('warm')
      const began = performance.now()
      compiled?.test(`${'a'.repeat(10_000)}!`)
      // A backtracking engine needs longer than the age of the universe; generous, as machines are shared.
      expect(performance.now() - began).toBeLessThan(2_000)
    },
  )

  it('finds in any case and width, over lines', async () => {
    const patterns = await compilePatterns(['TX[0-9a-f]+', 'deposit.*missing', '提现.*到账'])
    expect(patterns.get('TX[0-9a-f]+')?.test('my tx12ab')).toBe(true)
    expect(patterns.get('deposit.*missing')?.test('deposit\nis missing')).toBe(true)
    expect(patterns.get('提现.*到账')?.test('我的提现没有到账')).toBe(true)
  })

  it('that cannot be used says where, and is no test', async () => {
    expect(await patternFault('abc[z')).toEqual({ message: 'missing closing ]', at: 3 })
    expect(await patternFault('ab(?=x)')).toMatchObject({ at: 2 })
    expect(await patternFault('(')).toEqual({ message: 'missing closing )', at: null })
    expect(await patternFault('(a{1000}){1000}')).toMatchObject({ message: 'invalid repeat count' })
    expect(await patternFault('a+')).toBeNull()
    expect((await compilePatterns(['('])).get('(')).toBeNull()
  })
})
