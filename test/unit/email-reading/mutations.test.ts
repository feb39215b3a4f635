import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMail } from '../../../channels/email/reading/parse-mail.ts'

const folder = new URL('../../channels/fixtures/email/replies/', import.meta.url)
const mails = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => readFileSync(new URL(name, folder)))

const change = fc.record({
  at: fc.nat(),
  length: fc.nat(40),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom('\0', '\r', '\n\n', '--', '=_b1', ': ', '=?utf-8?B?', '<', '>', '\u2028', 'charset=', '\ufeff')
      .map((text) => Buffer.from(text)),
  ),
})

test('no damaged mail breaks the reader: it is read whole, or refused with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...mails),
      fc.array(change, { minLength: 1, maxLength: 12 }),
      async (mail, changes) => {
        let raw = Buffer.from(mail)
        for (const { at, length, bytes } of changes) {
          const from = at % (raw.length + 1)
          raw = Buffer.concat([raw.subarray(0, from), bytes, raw.subarray(from + length)])
        }
        const read = await parseMail(raw, true, { authservId: 'mx.desk.test' })
        expect(read.messageId).toMatch(/^<[^<>\s]+>$/)
        expect(read.text === '' && read.fullText !== '').toBe(false)
        expect(JSON.stringify(read)).not.toContain('\\u0000')
        structuredClone(read)
      },
    ),
    { numRuns: 1_000 },
  )
}, 60_000)
