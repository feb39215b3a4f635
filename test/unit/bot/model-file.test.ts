import { expect, test } from 'vitest'
import { trainBotModel } from '../../../src/bot/bot-model.ts'
import { confidence } from '../../../src/bot/calibration.ts'
import { rank } from '../../../src/bot/classifier.ts'
import { explain } from '../../../src/bot/explain.ts'
import { BadModelFile, modelFromBytes, modelToBytes } from '../../../src/bot/model-file.ts'
import { trainInThread } from '../../../src/bot/train-in-thread.ts'
import { exchangePhrasings, madeUpPhrasings } from '../../support/bot-phrasings.ts'

const model = trainBotModel(exchangePhrasings)
const bytes = modelToBytes(model)

test('a stored model answers as the one that was stored', () => {
  const again = modelFromBytes(bytes)
  expect(again.calibration).toEqual(model.calibration)
  for (const text of ['withdrawal pending', '手续费是多少', 'nothing of all this']) {
    const ranked = rank(again.classifier, text)
    expect(ranked).toEqual(rank(model.classifier, text))
    expect(confidence(again.calibration, ranked)).toBe(confidence(model.calibration, rank(model.classifier, text)))
  }
})

test('it may lie anywhere in memory', () => {
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(modelFromBytes(shifted.subarray(3)).classifier.categories).toEqual(model.classifier.categories)
})

test.each([
  ['nothing', () => Buffer.alloc(0), 'another version'],
  ['another version', () => Buffer.concat([Buffer.from('TRBBOT99'), bytes.subarray(8)]), 'another version'],
  ['half of it', () => bytes.subarray(0, bytes.length / 2), 'cut off or changed'],
  ['its head alone', () => bytes.subarray(0, 45), 'cut off or changed'],
  [
    'a flipped bit',
    () => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]),
    'cut off or changed',
  ],
  ['more than it', () => Buffer.concat([bytes, Buffer.alloc(4)]), 'cut off or changed'],
])('%s is refused', (_what, bad, message) => {
  expect(() => modelFromBytes(bad())).toThrow(BadModelFile)
  expect(() => modelFromBytes(bad())).toThrow(message)
})

test('a thread trains the same model, and nobody waits meanwhile', async () => {
  let [last, gap] = [performance.now(), 0]
  const watch = setInterval(() => {
    gap = Math.max(gap, performance.now() - last)
    last = performance.now()
  }, 5)
  const many = madeUpPhrasings({ categories: 40, each: 30, seed: 5 })
  const started = performance.now()
  const trained = await trainInThread(many)
  const took = performance.now() - started
  clearInterval(watch)
  expect(Buffer.from(trained).equals(modelToBytes(trainBotModel(many)))).toBe(true)
  expect(gap).toBeLessThan(Math.max(took / 3, 250))
})

test('training can be given up', async () => {
  const over = new AbortController()
  const trained = trainInThread(madeUpPhrasings({ categories: 100, each: 40, seed: 6 }), { signal: over.signal })
  over.abort(new Error('newer phrasings'))
  await expect(trained).rejects.toThrow('newer phrasings')
  await expect(trainInThread([], { signal: over.signal })).rejects.toThrow('newer phrasings')
})

test('a category is explained by what spoke for it', () => {
  const reasons = explain(model.classifier, 'withdrawal still pending, please help', 'withdrawal-delayed')
  expect(reasons[0]?.adds).toBeGreaterThan(reasons.at(-1)?.adds ?? 1)
  expect(reasons.some(({ feature }) => feature.includes('pend') || feature.includes('withd'))).toBe(true)
  expect(explain(model.classifier, '手续费是多少', 'fees').some(({ feature }) => /[手续费]/.test(feature))).toBe(true)
  expect(explain(model.classifier, 'anything', 'no such category')).toEqual([])
})
