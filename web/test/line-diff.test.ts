import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineDiff } from '../src/data/line-diff.ts'

const said = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`)

it('keeps the lines that stayed and marks those that went or came', () => {
  expect(said('a\nb\nc\nd', 'a\nc\nx\nd')).toEqual([' a', '-b', ' c', '+x', ' d'])
  expect(said('', 'a')).toEqual(['-', '+a'])
  expect(said('a\na\na', 'a\na')).toEqual([' a', ' a', '-a'])
})

it('always has both texts in it, in order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = lineDiff(before, after)
      const without = (kind: string) =>
        diff
          .filter((line) => line.kind !== kind)
          .map((line) => line.text)
          .join('\n')
      expect([without('new'), without('gone')]).toEqual([before, after])
    }),
  )
})
