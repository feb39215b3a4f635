import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = path.join(import.meta.dirname, '..', 'content', 'northstar')
const locales = ['en', 'zh', 'ja', 'ko', 'ru']

interface Question {
  readonly text: string
  readonly category?: string
}

function questions(name: string): Question[] {
  return parseCsv<Question>(readFileSync(path.join(root, 'questions', name), 'utf8'), { columns: true })
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** What was written for training, by the article's slug. */
function written(locale: string): Map<string, string[]> {
  const folder = path.join(root, 'articles', locale)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    files
      .filter((name) => name.endsWith('.md') && !name.endsWith('_category.md'))
      .map((name) => {
        const front = readFileSync(path.join(folder, name), 'utf8').split('---\n')[1] ?? ''
        const head: { title: string; phrasings: string[] } = parse(front)
        return [path.basename(name, '.md'), [head.title, ...head.phrasings].map(plain)]
      }),
  )
}

// A question that was trained with measures nothing.
describe.each(locales)('questions held out in %s', (locale) => {
  const near = questions(`${locale}.csv`)
  const free = questions(`${locale}-free.csv`)

  it('has two near ones and a free one for each article, and none for what is no article', () => {
    const slugs = [...written(locale).keys()].sort()
    expect(near.map((one) => one.category).sort()).toEqual([...slugs, ...slugs].sort())
    expect(free.map((one) => one.category).sort()).toEqual(slugs)
  })

  it('has none that is a title or phrasing, nor one twice', () => {
    const taught = new Set([...written(locale).values()].flat())
    const all = [...near, ...free].map((one) => plain(one.text))
    expect(all.filter((text) => taught.has(text))).toEqual([])
    expect(new Set(all).size).toBe(all.length)
  })
})

it('has sixty off-topic questions, twelve in each language', () => {
  const texts = questions('off-topic.csv').map((one) => one.text)
  const script = (text: string) => {
    if (/\p{Script=Hangul}/u.test(text)) return 'ko'
    if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja'
    if (/\p{Script=Han}/u.test(text)) return 'zh'
    return /\p{Script=Cyrillic}/u.test(text) ? 'ru' : 'en'
  }
  for (const locale of locales) expect(texts.filter((text) => script(text) === locale).length, locale).toBe(12)
  expect(new Set(texts.map(plain)).size).toBe(60)
})
