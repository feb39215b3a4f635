import { expect, test } from 'vitest'
import { usualPatience as patience, waitBeforeLetter } from '../../../src/domain/continuation.ts'
import { continuationLanguage, continuationWords } from '../../../src/domain/continuation-words.ts'

const s = 1_000
const minute = 60 * s
const wait = (oldestAgeMs: number, newestAgeMs: number, seenAgoMs: number | null = null) =>
  waitBeforeLetter({ oldestAgeMs, newestAgeMs, seenAgoMs }, patience)

test('a reply waits a minute for its reader', () => {
  expect(wait(0, 0)).toBe(minute)
  expect(wait(59 * s, 59 * s)).toBe(s)
  expect(wait(minute, minute)).toBe(0)
})

test('replies that follow each other wait for the last of them, five minutes at most', () => {
  expect(wait(3 * minute, 10 * s)).toBe(50 * s)
  expect(wait(4.5 * minute, 10 * s)).toBe(30 * s)
  expect(wait(5 * minute, s)).toBe(0)
})

test('an open page is waited for until it was silent for a minute, or nobody looked at it for a quarter of an hour', () => {
  expect(wait(2 * minute, 2 * minute, 10 * s)).toBe(50 * s)
  expect(wait(2 * minute, 2 * minute, minute)).toBe(0)
  expect(wait(14.5 * minute, 2 * minute, s)).toBe(30 * s)
  expect(wait(15 * minute, 2 * minute, s)).toBe(0)
})

test('customers are written to in their own language where we speak it', () => {
  expect(continuationLanguage('zh-Hant-TW', 'de')).toBe('zh')
  expect(continuationLanguage(null, 'ja-JP,ja;q=0.9')).toBe('ja')
  expect(continuationLanguage('constructor', undefined)).toBe('en')
  for (const language of ['en', 'zh', 'ja', 'ko', 'ru']) {
    const words = continuationWords(language)
    expect(words.asked('Shop', 'a@b.test')).toContain('a@b.test')
    expect(words.why('Shop')).toContain('Shop')
  }
})
