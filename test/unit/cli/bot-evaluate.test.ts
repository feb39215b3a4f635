import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { exchangePhrasings, madeUpPhrasings } from '../../support/bot-phrasings.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function file(name: string, content: string): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, content)
  return path
}

function csv(name: string, rows: readonly { readonly text: string; readonly category: string }[]): string {
  return file(name, ['text,category', ...rows.map(({ text, category }) => `"${text}",${category}`)].join('\n'))
}

async function evaluate(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const output = { say: (line: string) => void out.push(line), complain: (line: string) => void err.push(line) }
  const code = await run(['bot', 'evaluate', ...args], output)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('it says how well one file answers another', async () => {
  const train = csv('train.csv', madeUpPhrasings({ categories: 24, each: 24, seed: 1 }))
  const asked = csv('test.csv', madeUpPhrasings({ categories: 24, each: 10, seed: 2 }))
  const strange = csv('strange.csv', madeUpPhrasings({ categories: 24, each: 4, seed: 3, from: 40 }))
  const { code, out, err } = await evaluate('--train', train, '--test', asked, '--out-of-scope', strange)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/trained +576 phrasings of 24 categories in \d+\.\d s/)
  expect(Number(/accuracy +(0\.\d+) of 240 questions/.exec(out)?.[1])).toBeGreaterThan(0.7)
  expect(Number(/coverage +(\d+\.\d) % answered/.exec(out)?.[1])).toBeGreaterThan(30)
  expect(Number(/precision +(\d+\.\d) % of them rightly/.exec(out)?.[1])).toBeGreaterThan(90)
  expect(Number(/out of scope +(\d+\.\d) % of 96 answered/.exec(out)?.[1])).toBeLessThan(10)
  expect(out).toMatch(/one answer +p50 \d+\.\d\d ms, p99 \d+\.\d\d ms/)
  expect(out).toMatch(/memory +\d+ MiB while loaded/)
})

test('too few phrasings promise nothing, and say so', async () => {
  const few = csv('few.csv', exchangePhrasings.slice(0, 4))
  const { code, out } = await evaluate('--train', few, '--test', few)
  expect(code).toBe(0)
  expect(out).toContain('none: too few phrasings to promise a precision')
  expect(out).toContain('nothing was answered')
})

const fine = () => csv('fine.csv', exchangePhrasings)

test.each([
  ['one that is not there', () => join(temporaryFolder(), 'nowhere.csv'), 'cannot be read: ENOENT'],
  ['an empty one', () => file('empty.csv', ''), 'holds no questions'],
  ['one with a head alone', () => file('head.csv', 'text,category\n'), 'holds no questions'],
  ['other columns', () => file('other.csv', 'question,category\nhello,a\n'), 'has no column "text" in its first line'],
  [
    'a question without a category',
    () => file('gap.csv', 'text,category\nhello,a\nbye,\n'),
    'question 2 has an empty text or category',
  ],
  ['a quote that never ends', () => file('quote.csv', 'text,category\n"hello,a\n'), 'cannot be read: Quote Not Closed'],
  ['a row that is too long', () => file('long.csv', 'text,category\na,b,c\n'), 'cannot be read: Invalid Record Length'],
  ['a folder', () => temporaryFolder(), 'cannot be read: EISDIR'],
])('a bad file is told in one line: %s', async (_what, bad, message) => {
  const { code, out, err } = await evaluate('--train', bad(), '--test', fine())
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(message)
  expect(err.split('\n')).toHaveLength(2)
})

test('both files are asked for', async () => {
  expect((await evaluate('--train', fine())).err).toContain('--test is missing.')
})
