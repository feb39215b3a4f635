import { expect, test } from 'vitest'
import type { BotArticle } from '../../../src/bot/article.ts'
import { phrasingsOf } from '../../../src/bot/article.ts'
import { trainBotModel } from '../../../src/bot/bot-model.ts'
import { type Considered, decide } from '../../../src/bot/decide.ts'
import { createBotEngine } from '../../../src/bot/engine.ts'
import { findEvidence, indexPhrasings, nearVerbatim } from '../../../src/bot/phrasing-evidence.ts'
import { isSlip } from '../../../src/bot/spelling-slip.ts'
import { madeUpPhrasings } from '../../support/bot-phrasings.ts'

const near = (category: string, ofQuestion: number, ofPhrasing = ofQuestion) => ({
  phrasing: { text: `about ${category}`, category },
  ofQuestion,
  ofPhrasing,
})
const nothing: Considered = { handOver: null, guess: null, evidence: [], found: [], misses: 0, askedBack: false }
const guess = (confidence: number, sure: boolean) => ({ articleId: 'fees', confidence, sure })

test.each<readonly [string, Partial<Considered>, object]>([
  [
    'sure, and half of the words are known',
    { guess: guess(0.98, true), evidence: [near('fees', 0.6, 0.4)] },
    { do: 'answer', articleId: 'fees' },
  ],
  [
    'sure, of words that nobody wrote',
    { guess: guess(0.98, true), evidence: [near('fees', 0.3)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  ['sure, without any common word', { guess: guess(0.98, true) }, { do: 'offer', articleIds: ['fees'] }],
  [
    'not sure enough',
    { guess: guess(0.9, false), evidence: [near('fees', 0.45)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'the same words both ways',
    { evidence: [near('fees', 0.9), near('limits', 0.5)] },
    { do: 'answer', articleId: 'fees' },
  ],
  [
    'the same words, of another article nearly too',
    { evidence: [near('fees', 0.9), near('limits', 0.85)] },
    { do: 'offer', articleIds: ['fees', 'limits'] },
  ],
  ['all of a short question in a long phrasing', { evidence: [near('fees', 1, 0.3)] }, { do: 'askBack' }],
  [
    'one word that is a third of several phrasings',
    { evidence: [near('fees', 1, 0.36), near('limits', 1, 0.35)] },
    { do: 'offer', articleIds: ['fees', 'limits'] },
  ],
  ['all of a phrasing in a long question', { evidence: [near('fees', 0.4, 1)] }, { do: 'askBack' }],
  [
    'most of a phrasing with much around it, and the classifier agrees',
    { guess: guess(0.6, false), evidence: [near('fees', 0.45, 0.8)] },
    { do: 'answer', articleId: 'fees' },
  ],
  [
    'the same, and the classifier hardly agrees',
    { guess: guess(0.4, false), evidence: [near('fees', 0.45, 0.8)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'the same, with too much around it',
    { guess: guess(0.6, false), evidence: [near('fees', 0.35, 0.8)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'the same, and another article is as near',
    { guess: guess(0.6, false), evidence: [near('fees', 0.45, 0.8), near('limits', 0.4)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'most of the words both ways, and the classifier has the same idea',
    { guess: guess(0.5, false), evidence: [near('fees', 0.6, 0.62), near('limits', 0.35)] },
    { do: 'answer', articleId: 'fees' },
  ],
  [
    'the same, and the classifier is not half sure',
    { guess: guess(0.45, false), evidence: [near('fees', 0.6, 0.62)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'the same, and another article is nearly as near',
    { guess: guess(0.7, false), evidence: [near('fees', 0.6, 0.62), near('limits', 0.46, 0.55)] },
    { do: 'offer', articleIds: ['fees'] },
  ],
  [
    'half of the words, and the classifier is three quarters sure',
    { guess: guess(0.75, false), evidence: [near('fees', 0.5, 0.52)] },
    { do: 'answer', articleId: 'fees' },
  ],
  [
    'no more than three',
    { evidence: [near('a', 0.5)], found: ['b', 'c', 'd', 'a'] },
    { do: 'offer', articleIds: ['a', 'b', 'c'] },
  ],
  ['found by search alone', { found: ['b', 'c'] }, { do: 'askBack' }],
  ['a faint common word', { evidence: [near('a', 0.2)], found: ['a'] }, { do: 'askBack' }],
])('%s', (_what, known, decision) => expect(decide({ ...nothing, ...known })).toMatchObject(decision))

test('the threshold of the calibration decides what is sure', async () => {
  const known = madeUpPhrasings({ categories: 24, each: 24, seed: 1 })
  const articles: BotArticle[] = [...new Set(known.map(({ category }) => category))].map((id) => {
    const phrasings = known.filter(({ category }) => category === id).map(({ text }) => text)
    return { id, locale: 'en', title: id, summary: '', body: '', phrasings }
  })
  const model = trainBotModel(phrasingsOf(articles))
  const fresh = madeUpPhrasings({ categories: 24, each: 8, seed: 2 })
  const answered = async (threshold: number) => {
    const engine = createBotEngine({ articles, model: { ...model, calibration: { ...model.calibration, threshold } } })
    const asked = fresh.map(({ text }) => engine.decide({ text, locale: 'en', misses: 0, askedBack: false }))
    return (await Promise.all(asked)).filter((decision) => decision.do === 'answer').length
  }
  const [never, calibrated, always] = [
    await answered(2),
    await answered(model.calibration.threshold),
    await answered(0),
  ]
  expect(never).toBeLessThan(calibrated)
  expect(calibrated).toBeLessThan(always)
})

test('words are compared both ways, in any order, without politeness, with one slip', async () => {
  const index = await indexPhrasings([
    { text: 'how long does a withdrawal take', category: 'withdrawal' },
    { text: 'withdrawal fee', category: 'fees' },
    { text: '提币多久能到', category: 'withdrawal' },
    { text: 'deposit address', category: 'deposit' },
  ])
  const nearest = (text: string) => findEvidence(index, text)[0]
  const closeness = (text: string) => nearVerbatim(nearest(text) ?? near('', 0))
  expect(closeness('hello, a withdrawl takes how long please?')).toBeGreaterThan(0.7)
  expect(nearest('你好，请问提币多久能到？')?.phrasing.category).toBe('withdrawal')
  expect(closeness('你好，请问提币多久能到？')).toBeGreaterThan(0.9)
  expect(closeness('withdrawal')).toBeLessThan(0.7)
  expect(closeness('how long does a pizza take')).toBeLessThan(0.7)
  expect(findEvidence(index, 'what on earth')).toEqual([])
})

test.each([
  ['withdrwal', 'withdrawal', true],
  ['withdrawall', 'withdrawal', true],
  ['withdarwal', 'withdrawal', true],
  ['withdxawal', 'withdrawal', true],
  ['вывести', 'вывесть', true],
  ['fee', 'fees', false],
  ['xabcd', 'abcdy', false],
  ['abcdef', 'abxdyf', false],
  ['abcd', 'abcdef', false],
])('%s for %s: %s', (typed, meant, slip) => expect(isSlip(typed, meant)).toBe(slip))
