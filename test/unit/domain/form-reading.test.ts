import { describe, expect, it } from 'vitest'
import type { FormField } from '../../../src/domain/form.ts'
import { questionFor, readAnswer } from '../../../src/domain/form-reading.ts'

const field = (wish: Partial<FormField>): FormField => ({
  key: 'x',
  kind: 'text',
  labels: { en: 'What?' },
  required: true,
  ...wish,
})
const hash = `0x${'cd'.repeat(32)}`
const transaction = field({ kind: 'transactionId', format: 'ethereum' })
const long = 'A label that is much longer than any button of any platform could ever be shown'
const choice = field({
  kind: 'choice',
  required: false,
  options: [
    { value: 'a', labels: { en: 'Apple', zh: '苹果' } },
    { value: 'b', labels: { en: long } },
  ],
})

describe('what somebody says to a question', () => {
  it.each([
    ['with politeness around it', [`Hello,\n\nthe id is ${hash}.\n\nBest regards\nAda`], hash],
    ['in the second of two messages', ['one moment', hash], hash],
    ['as the page of an explorer', [`https://etherscan.io/tx/${hash}`], hash],
  ])('is found %s', (_, texts, value) => {
    expect(readAnswer(transaction, texts, 0)).toEqual({ kind: 'answer', value })
  })

  it.each([
    ['1', 'a'],
    ['苹果', 'a'],
    ['2', 'b'],
    [long.slice(0, 60), 'b'],
  ])('is a choice by its number, its label in any language, or what a button shows of it: %s', (text, value) => {
    expect(readAnswer(choice, [text], 0)).toEqual({ kind: 'answer', value })
  })

  it.each(['skip', 'Skip.', '跳过', 'スキップ', '건너뛰기', '«пропустить»', '3'])('passes it over: %s', (text) => {
    expect(readAnswer(choice, [text], 0)).toEqual({ kind: 'skip' })
  })

  it('is asked for once more, then taken as it is, but for a secret, which is never taken', () => {
    expect(readAnswer(transaction, ['my coins'], 0)).toEqual({ kind: 'problem', problem: 'format' })
    expect(readAnswer(transaction, ['my coins'], 1)).toEqual({ kind: 'answer', value: 'my coins' })
    expect(readAnswer(transaction, ['skip'], 0)).toEqual({ kind: 'problem', problem: 'required' })
    expect(readAnswer(transaction, ['skip'], 1)).toEqual({ kind: 'skip' })
    const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    expect(readAnswer(field({}), ['here it is', phrase], 0)).toEqual({ kind: 'problem', problem: 'secret' })
    expect(readAnswer(field({}), [phrase], 1)).toEqual({ kind: 'skip' })
  })
})

it('a question is in the customer’s language, its choices fit buttons, and its words are no markup', () => {
  const { text, choices } = questionFor(field({ labels: { en: 'Which *one*?', ko: '무엇?' } }), 'ru', 'en')
  expect([text, choices]).toEqual(['**Which \\*one\\*?**', undefined])
  const asked = questionFor(choice, 'zh', 'en')
  expect(asked.choices?.map(({ id }) => id)).toEqual(['form.1', 'form.2', 'form.skip'])
  expect(asked.choices?.every(({ label, id }) => label.length <= 60 && id.length <= 64)).toBe(true)
})
