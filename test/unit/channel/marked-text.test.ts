import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutMarked, type MarkedText, markedText } from '../../../src/channel/marked-text.ts'

const shown = ({ text, marks }: MarkedText) =>
  marks.map(({ kind, offset, length }) => `${kind}: ${text.slice(offset, offset + length)}`)

test('text and marks come apart, the outer mark first', () => {
  const both = markedText(
    '# Parcel\n\nIt is **on its *way***, see [the map](https://example.org/m) or `T-1`.\n\n> We wait.',
  )
  expect(both.text).toBe('Parcel\n\nIt is on its way, see the map or T-1.\n\nWe wait.')
  expect(shown(both)).toEqual([
    'bold: Parcel',
    'bold: on its way',
    'italic: way',
    'link: the map',
    'code: T-1',
    'quote: We wait.',
  ])
})

test('lists are lines, code keeps its language, quotes do not nest', () => {
  const { text, marks } = markedText('- one\n- two\n\n3. three\n\n```js\nlet a\n```\n\n> out\n> > in')
  expect(text).toBe('• one\n• two\n\n3. three\n\nlet a\n\nout\n\n> in')
  expect(marks.filter(({ kind }) => kind === 'quote').length).toBe(1)
  expect(marks.find(({ kind }) => kind === 'codeBlock')).toMatchObject({ language: 'js' })
})

test('an address that reads as itself has no mark, and one that nobody follows is written out', () => {
  expect(markedText('https://example.org/a')).toEqual({ text: 'https://example.org/a', marks: [] })
  expect(markedText('[write us](mailto:a@example.org)').text).toBe('write us (mailto:a@example.org)')
})

test('half characters and NUL are replaced', () => {
  expect(markedText('a\ud800b\0c').text).toBe('a\ufffdb\ufffdc')
})

test('cutting loses no words, and every mark stays on what it marked', () => {
  const word = fc.constantFrom(
    'parcel',
    '**bold words here**',
    '`code`',
    '😀😀',
    '[a link](https://example.org)',
    '订单',
    '\n\n',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), fc.integer({ min: 5, max: 90 }), (words, max) => {
      const whole = markedText(words.join(' '))
      const pieces = cutMarked(whole, max)
      const bare = (text: string) => text.replace(/\s+/g, '')
      expect(bare(pieces.map(({ text }) => text).join(''))).toBe(bare(whole.text))
      const marked = (kind: string, texts: readonly MarkedText[]) =>
        bare(
          texts
            .flatMap((one) => shown(one).filter((mark) => mark.startsWith(kind)))
            .join('')
            .replaceAll(`${kind}: `, ''),
        )
      for (const kind of ['bold', 'code', 'link']) expect(marked(kind, pieces)).toBe(marked(kind, [whole]))
      for (const { text, marks } of pieces) {
        expect(text.length).toBeLessThanOrEqual(max)
        for (const { offset, length } of marks)
          expect(offset >= 0 && length > 0 && offset + length <= text.length).toBe(true)
      }
    }),
  )
})
