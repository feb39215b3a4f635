import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })

/** What a test file says, with the payloads of its channel. */
function wordsOf(name: string): string {
  const own = files.filter((path) => new RegExp(`^${name}(?:\\.test)?\\.ts$`).test(basename(path)))
  const channel = /^(?:telegram|discord|x)\b/.exec(name)?.[0]
  const payloads = files.filter((path) => path.startsWith(`channels/fixtures/${channel}/`))
  const read = [...own, ...payloads].map((path) => readFileSync(join(import.meta.dirname, path), 'utf8'))
  return [...read, ...payloads.map((path) => basename(path, '.json').replaceAll('-', ' '))].join('\n')
}

test.each(['channel-tests', 'routing-tests'])('every test that docs/%s.md names exists', (name) => {
  const page = readFileSync(new URL(`../docs/${name}.md`, import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| (?!---|what \|)/.test(line))
  const named = rows.flatMap((row) => {
    const [, ...parts] = (row.split('|')[2] ?? '').split(/`([\w-]+)` /)
    return parts.flatMap((part, at) =>
      at % 2 === 0 ? [] : part.split(' · ').map((one) => [parts[at - 1], one.trim()]),
    )
  })
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter(([file = '', name = '']) => !wordsOf(file).includes(name))).toEqual([])
})
