import { expect, it } from 'vitest'
import { answerText } from '../../../src/domain/bot-speech.ts'

const article = {
  title: 'Late withdrawals',
  summary: '',
  body: 'See [outages](/help/en/outages), [the chain](https://explorer.example/a) and [this](//cdn.example/x).',
}

it('an answer of the bot leads where its article leads, from wherever it is read', () => {
  const told = answerText(article, 'https://help.example/help/en/late', 'en')
  expect(told).toContain('[outages](https://help.example/help/en/outages)')
  expect(told).toContain('[the chain](https://explorer.example/a) and [this](//cdn.example/x)')
  expect(told).toMatch(/Source: \[Late withdrawals\]\(https:\/\/help\.example\/help\/en\/late\)$/)
  expect(answerText(article, null, 'en')).toContain('[outages](/help/en/outages)')
})
