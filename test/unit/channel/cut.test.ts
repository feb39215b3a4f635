import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength, codePointLength, cutText, utf16Length } from '../../../src/channel/cut.ts'

const letters = (text: string) => text.replace(/\s/gu, '')
const naughty = fc.array(
  fc.constantFrom(
    'a',
    'Hello',
    ' ',
    '\n',
    '\n\n',
    '. ',
    '!',
    '。',
    '你好',
    'こんにちは',
    '👨‍👩‍👧‍👦',
    '🇩🇪',
    'é',
    'e\u0301',
    '한국어',
    'https://example.com/x',
  ),
  { maxLength: 120 },
)

describe('cutText', () => {
  for (const [name, measure] of [
    ['utf16', utf16Length],
    ['code points', codePointLength],
    ['bytes', byteLength],
  ] as const) {
    it(`loses no letter and keeps every piece within the limit, counted in ${name}`, () => {
      fc.assert(
        fc.property(naughty, fc.integer({ min: 4, max: 80 }), (words, max) => {
          const text = words.join('')
          const pieces = cutText(text, max, measure)
          expect(letters(pieces.join(''))).toBe(letters(text))
          for (const piece of pieces) {
            expect(measure(piece)).toBeLessThanOrEqual(max)
            expect(piece.trim()).not.toBe('')
            expect(encodeURIComponent(piece)).not.toBe('')
          }
        }),
        { numRuns: 500 },
      )
    })
  }

  it('keeps the order of any text whatever, also of broken surrogates', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 4, max: 30 }), (text, max) => {
        expect(letters(cutText(text, max).join(''))).toBe(letters(text))
      }),
    )
  })

  it('does not cut what a reader sees as one character', () => {
    const pieces = cutText('👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 15)
    expect(pieces).toEqual(['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'])
  })

  it('cuts between code points when one character alone is longer than the limit', () => {
    const pieces = cutText(`z${'\u0301'.repeat(40)}`, 10)
    expect(pieces.join('')).toHaveLength(41)
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(10)
  })

  it('prefers the end of a paragraph to the end of a sentence', () => {
    expect(cutText('One two. Three four.\n\nFive six. Seven eight.', 35)).toEqual([
      'One two. Three four.',
      'Five six. Seven eight.',
    ])
  })

  it('cuts at the end of a sentence, in Chinese as well', () => {
    expect(cutText('I came. I saw the thing.', 14)).toEqual(['I came.', 'I saw the', 'thing.'])
    expect(cutText('今天天气很好。我们出去走走吧。', 10)).toEqual(['今天天气很好。', '我们出去走走吧。'])
  })

  it('keeps a word whole when a space stands right at the limit', () => {
    expect(cutText('aaaa bbbb', 4)).toEqual(['aaaa', 'bbbb'])
  })

  it('keeps the indentation of the line after a cut', () => {
    expect(cutText('first line\n    indented', 14)).toEqual(['first line', '    indented'])
  })

  it('gives no piece for white space alone', () => {
    expect(cutText(' \n '.repeat(500), 10)).toEqual([])
  })

  it('is quick on a long text without any space', () => {
    const before = performance.now()
    expect(cutText('字'.repeat(200_000), 4096).length).toBe(49)
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})
