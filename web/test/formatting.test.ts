import { expect, test } from 'vitest'
import { type Format, formatted } from '../src/data/formatting.ts'

/** `[` and `]` stand for the two ends of what is selected, `|` for both. */
function after(marked: string, format: Format): string {
  const at = marked.replace('|', '[]')
  const [start, end] = [at.indexOf('['), at.indexOf(']') - 1]
  const text = at.replace('[', '').replace(']', '')
  const { start: a, end: b, insert, from, to } = formatted(text, start, end, format)
  const next = text.slice(0, a) + insert + text.slice(b)
  return from === to
    ? `${next.slice(0, from)}|${next.slice(from)}`
    : `${next.slice(0, from)}[${next.slice(from, to)}]${next.slice(to)}`
}

test('a mark goes around what is selected, without the spaces at its ends, and away again', () => {
  expect(after('say [this ]now', 'bold')).toBe('say **[this]** now')
  expect(after('say **[this]** now', 'bold')).toBe('say [this] now')
  expect(after('say [**this**] now', 'bold')).toBe('say [this] now')
  expect(after('请[尽快]回复', 'italic')).toBe('请*[尽快]*回复')
  expect(after('|', 'code')).toBe('`|`')
})

test('italic within bold is another mark, not half of it', () => {
  expect(after('**[this]**', 'italic')).toBe('***[this]***')
  expect(after('***[this]***', 'italic')).toBe('**[this]**')
  expect(after('***[this]***', 'bold')).toBe('*[this]*')
})

test('lists, quotes and headings begin every line that the selection touches', () => {
  expect(after('one\nt[wo\nthr]ee\nfour', 'list')).toBe('one\n[- two\n- three]\nfour')
  expect(after('[- two\n- three]', 'list')).toBe('[two\nthree]')
  expect(after('a|b', 'quote')).toBe('> ab|')
  expect(after('Title|', 'heading')).toBe('## Title|')
})

test('a link asks for what is missing: the address, or the words', () => {
  const { start, end, insert, from, to } = formatted('see the shop', 8, 12, 'link')
  expect([start, end, insert]).toEqual([8, 12, '[shop](https://)'])
  expect('see the [shop](https://)'.slice(from, to)).toBe('https://')
  expect(formatted('https://shop.example', 0, 20, 'link')).toMatchObject({
    insert: '[](https://shop.example)',
    from: 1,
    to: 1,
  })
})

test('a block of code stands on lines of its own', () => {
  expect(after('try [this] now', 'codeBlock')).toBe('try \n```\n[this]\n```\n now')
})
