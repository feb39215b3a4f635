import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Setting, schema } from '../../../config/schema.ts'

const page = new URL('../../../docs/configuration.md', import.meta.url)
const example = new URL('../../../config/example.env', import.meta.url)
const settings: readonly [string, Setting][] = Object.entries(schema)

// UPDATE_DOCS=1 writes both files instead of comparing.
const updating = process.env['UPDATE_DOCS'] === '1'

function table(): string {
  const rows = settings.map(([name, { fallback, allowed, about, secret }]) => {
    const cells = [`\`${name}\``, fallback ? `\`${fallback}\`` : '–', `${allowed}${secret ? ' · secret' : ''}`, about]
    return `| ${cells.join(' | ')} |`
  })
  return ['| variable | default | may be | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function withTable(text: string): string {
  const mark = /(<!-- table: generated from config\/schema\.ts -->\n)[\s\S]*?(\n<!-- end of table -->)/
  expect(text).toMatch(mark)
  return text.replace(mark, (_all, before: string, after: string) => `${before}${table()}${after}`)
}

function exampleText(): string {
  const blocks = settings.map(
    ([name, { fallback, about }]) => `# ${about.replaceAll('`', '')}\n#${name}=${fallback ?? ''}\n`,
  )
  return `# Every variable Tributary reads; what is commented out has this value anyway. See docs/configuration.md.\n\n${blocks.join('\n')}`
}

test('the table of variables in docs/configuration.md is that of the schema', () => {
  const text = readFileSync(page, 'utf8')
  if (updating) writeFileSync(page, withTable(text))
  else expect(text, 'run with UPDATE_DOCS=1').toBe(withTable(text))
})

test('config/example.env names every variable of the schema', () => {
  if (updating) writeFileSync(example, exampleText())
  else expect(readFileSync(example, 'utf8'), 'run with UPDATE_DOCS=1').toBe(exampleText())
})
