import { describe, expect, test } from 'vitest'
import { scriptLanguage, textLanguage } from '../../../src/domain/text-language.ts'

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

describe('of a whole text', () => {
  test.each([
    ['withdrawal stuck 2 days', 'en'],
    ['pls help cant login', 'en'],
    ['my account is frozen', 'en'],
    ['deposit not credited usdt trc20 0x52908400098527886e0f7030069857d2e4169ee7', 'en'],
    ['kyc rejected why', 'en'],
    ['не пришел депозит', 'ru'],
    ['не могу войти', 'ru'],
    ['привет', 'ru'],
    ['де мої гроші', 'uk'],
    ['no puedo entrar en mi cuenta', 'es'],
    ['wo ist mein Geld', 'de'],
    ['je ne peux pas me connecter', 'fr'],
    ['giriş yapamıyorum', 'tr'],
    ['tôi không đăng nhập được', 'vi'],
    ['saya tidak bisa login', 'id'],
    ['出金できません', 'ja'],
  ])('%s is %s', async (text, language) => expect(await textLanguage(text)).toBe(language))

  test.each([
    'hi',
    'fees?',
    '#4821',
    'https://example.com/es/ayuda',
    '0x52908400098527886e0f7030069857d2e4169ee7',
    '???',
  ])('%s is too little to tell', async (text) => expect(await textLanguage(text)).toBeNull())

  test('it is one of those asked about', async () => {
    expect(await textLanguage('je ne peux pas me connecter', ['en', 'fr'])).toBe('fr')
    expect(await textLanguage('not a word of french in this', ['en', 'ru'])).toBe('en')
    expect(await textLanguage('出金できません', ['en', 'ru'])).toBeNull()
  })

  test('a huge text takes no longer than a short one', async () => {
    const started = performance.now()
    expect(await textLanguage('where is my money '.repeat(20_000))).toBe('en')
    expect(await textLanguage('a1'.repeat(200_000))).toBeNull()
    expect(await textLanguage(`a${'@'.repeat(100_000)}`)).toBeNull()
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
