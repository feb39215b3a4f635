import { expect, test } from 'vitest'
import { privateDoorWords } from '../../../src/domain/private-door-words.ts'

const url = 'https://x.example/door'

test('a customer is asked into private in their own language, with the address as the last word', () => {
  const all = ['en', 'zh-Hant-TW', 'ja', 'ko', 'RU'].map((language) => privateDoorWords(language, url))
  expect(new Set(all).size).toBe(5)
  for (const one of all) expect(one.endsWith(url), one).toBe(true)
  expect(privateDoorWords('zh', url)).toMatch(/\p{Script=Han}/u)
})

test('in English where the language is unknown or none of ours', () => {
  for (const language of [null, '', 'fr', 'constructor']) {
    expect(privateDoorWords(language, url)).toBe(privateDoorWords('en', url))
  }
})
