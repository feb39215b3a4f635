import { expect, test } from 'vitest'
import { en } from '../src/locales/en.ts'
import { zh } from '../src/locales/zh.ts'

interface Tree {
  [key: string]: string | Tree
}

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}/`),
  )
}
const english = flat(en)
const chinese = flat(zh)
const singular = /_one$/
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

test('every English sentence has a Chinese one and the other way round', () => {
  expect(english.length).toBeGreaterThan(200)
  const keys = english.map(([key]) => key).filter((key) => !singular.test(key))
  expect(chinese.map(([key]) => key).sort()).toEqual(keys.sort())
})

test('a translation fills in what the English sentence fills in', () => {
  const wanted = new Map(english)
  const wrong = chinese.filter(
    ([key, text]) => String(placeholders(text)) !== String(placeholders(wanted.get(key) ?? '')),
  )
  expect(wrong).toEqual([])
})

test('no word of the machinery is ever on screen', () => {
  const internal = /\b(threads?|parts?|deliver(y|ies)|quarantined?|uncertain|payload|cursor|outbox|queue|seq)\b/i
  expect(english.filter(([, text]) => internal.test(text))).toEqual([])
  expect(chinese.filter(([, text]) => /隔离|线程|投递|队列|游标/.test(text))).toEqual([])
})

test('nothing shouts', () => {
  expect([...english, ...chinese].filter(([, text]) => /[!！]/.test(text))).toEqual([])
})

test('Chinese has no stray spaces beside Chinese signs and no Western quotes or commas', () => {
  const wrong = chinese.filter(([, text]) =>
    /[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:?"]|"[\u4e00-\u9fff]/.test(text),
  )
  expect(wrong).toEqual([])
})
