import { detectAll } from 'tinyld'
import { describe, expect, test } from 'vitest'
import {
  disprovesGuess,
  fitsScript,
  needsDetecting,
  scriptLanguage,
  textLanguage,
} from '../../../src/domain/text-language.ts'

describe('by its letters', () => {
  test.each([
    ['为什么我的充值还没有到账', 'zh'],
    ['USDT-TRC20 充值未到账 hash 0x9f8a7b6c5d4e3f2a1b', 'zh'],
    ['優の良品のUSDT充值問題，請幫我看看這筆交易為什麼還沒有到帳', 'zh'],
    ['出金できません', 'ja'],
    ['本人確認書類が承認されない', 'ja'],
    ['KYC ダメだった', 'ja'],
    ['출금이 안 돼요', 'ko'],
    ['KYC 인증 실패 USDT', 'ko'],
    ['入金 확인해 주세요', 'ko'],
  ])('%s is %s', (text, language) => expect(scriptLanguage(text)).toBe(language))

  test.each([
    'Please write 人工 to get a person, that is what your page tells me to do',
    'вывод завис',
    'hello',
    '12345 🙂',
    '',
    '、。！',
  ])('%s is none of the three', (text) => expect(scriptLanguage(text)).toBeNull())
})

const detect = (text: string, among: readonly string[]) => detectAll(text, { only: [...among] })
const desk = (...languages: string[]) => ({ languages, detect: null })

describe('at a desk with one language a script', () => {
  test.each([
    ['withdrawal stuck 2 days', 'en'],
    ['pls help cant login', 'en'],
    ['kyc rejected why', 'en'],
    ['не пришел депозит', 'ru'],
    ['привет', 'ru'],
    ['出金できません', 'ja'],
    ['인증 언제 되나요', 'ko'],
    ['لا أستطيع الدخول', 'ar'],
  ])('%s is %s, and nothing is loaded to tell', (text, language) =>
    expect(textLanguage(text, desk('en', 'zh', 'ru'))).toBe(language),
  )

  test('the language of the letters is the one spoken here', () => {
    expect(textLanguage('де мої гроші', desk('en', 'uk'))).toBe('uk')
    expect(textLanguage('no puedo entrar en mi cuenta', desk('es', 'zh'))).toBe('es')
    expect(textLanguage('where is my money', desk('zh', 'ja'))).toBeNull()
  })
})

describe('at a desk with several', () => {
  const spoken = { languages: ['en', 'es', 'de', 'fr', 'tr', 'ru', 'uk', 'zh'], detect }

  test.each([
    ['no puedo entrar en mi cuenta', 'es'],
    ['wo ist mein Geld', 'de'],
    ['je ne peux pas me connecter', 'fr'],
    ['giriş yapamıyorum', 'tr'],
    ['де мої гроші', 'uk'],
    ['出金できません', 'ja'],
  ])('%s is %s', (text, language) => expect(textLanguage(text, spoken)).toBe(language))

  test.each(['withdrawal stuck 2 days', 'pls help cant login', 'my account is frozen', 'kyc rejected why'])(
    '%s is English or nothing, never another',
    (text) =>
      expect(textLanguage(text, { ...spoken, languages: [...spoken.languages, 'it', 'nl', 'ro'] }) ?? 'en').toBe('en'),
  )

  test('nothing is guessed before the library is there', () => {
    expect(textLanguage('wo ist mein Geld', { ...spoken, detect: null })).toBeNull()
  })

  test.each([
    'hi',
    'fees?',
    '#4821',
    'https://example.com/es/ayuda',
    '0x52908400098527886e0f7030069857d2e4169ee7',
    '???',
  ])('%s is too little to tell', (text) => expect(textLanguage(text, spoken)).toBeNull())
})

test('the library is needed where a script has two languages', () => {
  expect(needsDetecting(['en', 'zh', 'ja', 'ko', 'ru'])).toBe(false)
  expect(needsDetecting(['en', 'es'])).toBe(true)
  expect(needsDetecting(['en', 'ru', 'uk'])).toBe(true)
})

test('letters contradict a language or do not', () => {
  expect(fitsScript('我的充值没到账', 'en')).toBe(false)
  expect(fitsScript('где мои деньги', 'en')).toBe(false)
  expect(fitsScript('where is it', 'ru')).toBe(false)
  expect(fitsScript('OK', 'en')).toBe(true)
  expect(fitsScript('де мої гроші', 'ru')).toBe(true)
})

test('only a guess by Latin letters is disproved', () => {
  expect(disprovesGuess('我的充值没到账', 'en')).toBe(true)
  expect(disprovesGuess('入金反映', 'ja')).toBe(false)
  expect(disprovesGuess('Binance Smart Chain USDT', 'zh')).toBe(false)
  expect(disprovesGuess('where is it', 'fr')).toBe(false)
})
