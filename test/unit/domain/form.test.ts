import { expect, test } from 'vitest'
import { askedFields, checkAnswer, type FormField, labelOf, nextField, priorityOf } from '../../../src/domain/form.ts'
import { addressOf, type FormFormat, transactionIdOf } from '../../../src/domain/form-format.ts'
import { asksForSecrets, isSecret } from '../../../src/domain/form-secret.ts'

const field = (key: string, more: Partial<FormField> = {}): FormField => ({
  key,
  kind: 'text',
  labels: { en: key },
  required: false,
  ...more,
})
const impact = field('impact', {
  kind: 'choice',
  required: true,
  options: [
    { value: 'blocked', labels: { en: 'I cannot trade', zh: '无法交易' }, priority: 4 },
    { value: 'question', labels: { en: 'A question' }, priority: 1 },
  ],
})
const network = field('network', {
  kind: 'choice',
  options: [
    { value: 'tron', labels: { en: 'TRON' } },
    { value: 'other', labels: { en: 'Another' } },
  ],
})
const which = field('which', { when: { field: 'network', is: ['other'] } })
const why = field('why', { when: { field: 'which', is: ['Dogecoin'] } })
const form = { fields: [impact, network, which, why] }
const keys = (answers: Record<string, string>) => askedFields(form, answers).map(({ key }) => key)

test('a field is asked only where its condition holds, and none that hangs on a field that is not asked', () => {
  expect(keys({})).toEqual(['impact', 'network'])
  expect(keys({ network: 'other' })).toEqual(['impact', 'network', 'which'])
  expect(keys({ network: 'tron', which: 'Dogecoin' })).toEqual(['impact', 'network'])
  expect(keys({ network: 'other', which: 'Dogecoin' })).toEqual(['impact', 'network', 'which', 'why'])
})

test('what was passed over is not asked again, and the end is known', () => {
  expect(nextField(form, {})?.key).toBe('impact')
  expect(nextField(form, { impact: 'blocked' })?.key).toBe('network')
  expect(nextField(form, { impact: 'blocked', network: '' })).toBeNull()
  expect(nextField(form, { impact: 'blocked', network: 'other' })?.key).toBe('which')
})

test('names of the language itself are no answers', () => {
  expect(askedFields({ fields: [field('a', { when: { field: 'constructor', is: [''] } })] }, {})).toEqual([])
  expect(nextField({ fields: [field('constructor')] }, {})?.key).toBe('constructor')
})

test('a choice is taken by value, label in any language or place, and nothing else', () => {
  for (const said of ['blocked', 'i cannot trade', '无法交易', '1', '１']) {
    expect(checkAnswer(impact, said)).toEqual({ value: 'blocked' })
  }
  for (const said of ['0', '3', 'both', '__proto__']) expect(checkAnswer(impact, said)).toEqual({ problem: 'choice' })
  expect(checkAnswer(impact, '  ')).toEqual({ problem: 'required' })
  expect(checkAnswer(network, '')).toEqual({ value: '' })
})

test('amounts are taken as people write them, words are not', () => {
  const amount = field('amount', { kind: 'number' })
  for (const said of ['0.5', '1,234.56', '1 234,5', '1.234.567', '-3', '１２３', '0,00000001']) {
    expect(checkAnswer(amount, said)).toEqual({ value: said.normalize('NFKC') })
  }
  for (const said of ['ten', '1.2.3', '12,34,56', '1e9', 'NaN', '0x10', '5 USDT']) {
    expect(checkAnswer(amount, said), said).toEqual({ problem: 'number' })
  }
})

test('addresses are told from slips by shape and checksum', () => {
  const good: Record<Exclude<FormFormat, 'any'>, string[]> = {
    bitcoin: [
      '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
      '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    ],
    ethereum: ['0x52908400098527886E0F7030069857D2E4169EE7'],
    tron: ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'],
    solana: ['EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v'],
  }
  for (const [format, addresses] of Object.entries(good) as [FormFormat, string[]][]) {
    for (const address of addresses) {
      expect(addressOf(address, format), address).toBe(address)
      expect(addressOf(address, 'any')).toBe(address)
      expect(addressOf(address.slice(0, -4), format)).toBeNull()
      // Solana has no checksum.
      if (format === 'bitcoin' || format === 'tron') expect(addressOf(slip(address), format)).toBeNull()
    }
  }
  expect(addressOf('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'ethereum')).toBeNull()
  expect(addressOf('https://tronscan.org/#/address/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'tron')).toBe(
    'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
  )
  expect(addressOf('my usual one', 'any')).toBeNull()
})

function slip(address: string): string {
  const at = 8
  return address.slice(0, at) + (address[at] === 'q' ? 'p' : 'q') + address.slice(at + 1)
}

test('transaction ids are taken bare or as the page of an explorer', () => {
  const hash = 'a'.repeat(32) + '1'.repeat(32)
  expect(transactionIdOf(hash, 'bitcoin')).toBe(hash)
  expect(transactionIdOf(` ${hash.slice(0, 30)} ${hash.slice(30)}`, 'tron')).toBe(hash)
  expect(transactionIdOf(hash, 'ethereum')).toBeNull()
  expect(transactionIdOf(`https://etherscan.io/tx/0x${hash}?a=b`, 'ethereum')).toBe(`0x${hash}`)
  expect(transactionIdOf('0x12', 'any')).toBeNull()
})

test('a question for a secret is known in five languages, a question about one is not', () => {
  const asking = [
    'Your seed phrase',
    'private-key',
    'account_password',
    '2FA code',
    'Card number',
    'PIN',
    '助记词',
    '私钥',
  ]
  const more = [
    '支付密码',
    'パスワード',
    '認証コード',
    '비밀번호',
    '인증 코드',
    'Пароль',
    'Код подтверждения',
    '密碼',
    'CVV',
  ]
  for (const label of [...asking, ...more]) expect(asksForSecrets(label), label).toBe(true)
  const fine = [
    'Security topic',
    'Network',
    'Shipping',
    'Transaction ID',
    '身份验证状态',
    '시드니 지점',
    'Адрес',
    '入金額',
  ]
  for (const label of fine) expect(asksForSecrets(label), label).toBe(false)
})

const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
test('a secret phrase or private key is not taken, whatever was asked; sentences and transactions are', () => {
  const numbered = phrase.split(' ').map((word, n) => `${n + 1}. ${word}`)
  const secrets = [phrase, phrase.toUpperCase(), `here: ${phrase}`, numbered.join('\n'), phrase.replaceAll(' ', ', ')]
  const keys = ['5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ', `private key: ${'ab'.repeat(32)}`]
  const chinese = '的 一 是 在 不 了 有 和 人 这 中 大'
  for (const said of [...secrets, ...keys, chinese]) {
    expect(checkAnswer(field('text'), said), said).toEqual({ problem: 'secret' })
  }
  const fine = [
    'I sent the funds to your account yesterday from my other exchange wallet but nothing was credited so far, why?',
    `my deposit ${'ab'.repeat(32)} is missing`,
    '我昨天充值的比特币还没有到账，请帮我查一下，谢谢',
  ]
  for (const said of fine) expect(isSecret(said), said).toBe(false)
})

test('labels fall back to the language, the default and then to anything', () => {
  expect(labelOf({ en: 'Amount', zh: '数量' }, 'zh-TW', 'en')).toBe('数量')
  expect(labelOf({ en: 'Amount', zh: '数量' }, 'ko', 'en-GB')).toBe('Amount')
  expect(labelOf({ zh: '数量' }, 'ko', 'en')).toBe('数量')
  expect(labelOf({}, 'constructor', 'en')).toBe('')
})

test('the priority is the highest that an asked choice says', () => {
  expect(priorityOf(form, { impact: 'blocked' })).toBe(4)
  expect(priorityOf(form, { network: 'tron' })).toBeNull()
  const hidden = { fields: [network, { ...impact, when: { field: 'network', is: ['other'] } }] }
  expect(priorityOf(hidden, { network: 'tron', impact: 'blocked' })).toBeNull()
})
