import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseMail } from '../../../channels/email/reading/parse-mail.ts'

/** As mail programs write them; `null`: all of it is shown. */
const folder = new URL('../../channels/fixtures/email/replies/', import.meta.url)
const expected: Record<string, string | null> = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'))

test.each(Object.entries(expected))('what is new in %s', async (name, visible) => {
  const mail = await parseMail(readFileSync(new URL(`${name}.eml`, folder)), true, {})
  expect(mail.fullText.length).toBeGreaterThan(0)
  expect(mail.text.trim()).toBe(visible ?? mail.fullText.trim())
  if (visible !== null) expect(mail.fullText.length).toBeGreaterThan(mail.text.length)
})
