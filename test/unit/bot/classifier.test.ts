import { describe, expect, test } from 'vitest'
import { calibrate, confidence, defaultWish } from '../../../src/bot/calibration.ts'
import { rank, trainClassifier } from '../../../src/bot/classifier.ts'
import { fitLogistic, probability } from '../../../src/bot/logistic.ts'
import { exchangePhrasings, fillIn, madeUpPhrasings } from '../../support/bot-phrasings.ts'

describe('a machine of phrasings in five languages', () => {
  const machine = trainClassifier(exchangePhrasings)
  const best = (text: string) => rank(machine, text)[0]?.category

  test.each([
    ['How long does a withdrawal take, please?', 'withdrawal-delayed'],
    ['withdrawl still pending', 'withdrawal-delayed'],
    ['提现还没到账怎么办', 'withdrawal-delayed'],
    ['出金がまだ届いていません', 'withdrawal-delayed'],
    ['출금이 아직도 안 들어왔어요', 'withdrawal-delayed'],
    ['вывод до сих пор не пришёл', 'withdrawal-delayed'],
    ['I lost my phone with the authenticator', 'lost-second-factor'],
    ['手机丢了，验证器没了', 'lost-second-factor'],
    ['認証アプリの入った携帯をなくした', 'lost-second-factor'],
    ['인증 앱이 있는 폰을 잃어버렸어요', 'lost-second-factor'],
    ['потерял телефон с аутентификатором', 'lost-second-factor'],
    ['what are the trading fees', 'fees'],
    ['手续费是多少', 'fees'],
  ])('%s asks for %s', (text, category) => expect(best(text)).toBe(category))

  test('the same phrasings give the same machine, another order of them too but for the last digits', () => {
    const again = trainClassifier(exchangePhrasings)
    expect(again.weights).toEqual(machine.weights)
    expect(again.vocabulary.hashes).toEqual(machine.vocabulary.hashes)
    const turned = trainClassifier([...exchangePhrasings].reverse())
    for (const { text } of exchangePhrasings) expect(rank(turned, text)[0]?.category).toBe(best(text))
  })

  test.each([
    '',
    ' ',
    '🙂🙂',
    '\u0000\ud800',
    'x'.repeat(100_000),
    '提'.repeat(100_000),
    'a '.repeat(50_000),
    'е\u0301'.repeat(9_000),
    '__proto__ constructor',
  ])('hostile text %#: answered in no time', (text) => {
    const started = performance.now()
    expect(rank(machine, text).every(({ score }) => Number.isFinite(score))).toBe(true)
    expect(performance.now() - started).toBeLessThan(500)
  })

  test('one category and none at all are no fault', () => {
    expect(rank(trainClassifier([]), 'hello')).toEqual([])
    expect(rank(trainClassifier([{ text: 'hello', category: 'a' }]), 'hello')[0]?.category).toBe('a')
    expect(calibrate([{ text: 'hello', category: 'a' }]).threshold).toBeGreaterThan(1)
  })
})

describe('a calibration', () => {
  const known = madeUpPhrasings({ categories: 24, each: 24, seed: 1 })
  const machine = trainClassifier(known)
  const calibration = calibrate(known)
  const sure = (text: string) => confidence(calibration, rank(machine, text))

  test('answers what it was asked before, as often right as was wished', () => {
    const fresh = madeUpPhrasings({ categories: 24, each: 20, seed: 2 })
    const answered = fresh.filter(({ text }) => sure(text) >= calibration.threshold)
    const right = answered.filter(({ text, category }) => rank(machine, text)[0]?.category === category)
    expect(answered.length / fresh.length).toBeGreaterThan(0.5)
    expect(right.length / answered.length).toBeGreaterThanOrEqual(0.95)
  })

  test('leaves alone what belongs to no category', () => {
    const strange = madeUpPhrasings({ categories: 24, each: 20, seed: 3, from: 40 })
    const answered = strange.filter(({ text }) => sure(text) >= calibration.threshold)
    expect(answered.length / strange.length).toBeLessThan(0.1)
    expect(sure(fillIn)).toBeLessThan(calibration.threshold)
  })

  test('a higher wish answers less', () => {
    const strict = calibrate(known, { ...defaultWish, precision: 0.999 })
    expect(strict.threshold).toBeGreaterThanOrEqual(calibration.threshold)
    expect(strict.coverage).toBeLessThanOrEqual(calibration.coverage)
  })

  test('is a probability: of what is 70 to 90 % sure, about so many are right', () => {
    const fresh = madeUpPhrasings({ categories: 24, each: 60, seed: 4 })
    const some = fresh
      .map((one) => ({ ...one, sure: sure(one.text) }))
      .filter((one) => one.sure > 0.7 && one.sure < 0.9)
    const right = some.filter(({ text, category }) => rank(machine, text)[0]?.category === category).length
    expect(some.length).toBeGreaterThan(10)
    expect(right / some.length).toBeGreaterThan(0.65)
  })
})

test('a logistic regression finds the factors it was made from', () => {
  const samples = Array.from({ length: 400 }, (_, index) => {
    const value = (index % 20) / 10 - 1
    return { features: [value], yes: (index * 7919) % 400 < 400 * probability([2, 0.5], [value]), weight: 1 }
  })
  const [slope = 0, offset = 0] = fitLogistic(samples, 1)
  expect(slope).toBeCloseTo(2, 0)
  expect(offset).toBeCloseTo(0.5, 0)
})
