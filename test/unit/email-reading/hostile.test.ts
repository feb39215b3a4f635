import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMailReader, type MailReader, MailUnreadable } from '../../../channels/email/reading/read-mail.ts'
import { base64, hostileMails, mail, mb, plain } from '../../support/hostile-mails.ts'
import { type LoopWatch, longestGap, ownGap, watchLoop } from '../../support/loop-gap.ts'

/** Mail made to hurt is read or refused, soon, and never to the harm of the next one or of those who wait. */

const patience = { timeout: 30_000 }
let reader: MailReader
let loop: LoopWatch
beforeAll(async () => {
  reader = createMailReader()
  loop = await watchLoop()
  await reader.read(plain('warm'), {})
}, 30_000)
afterAll(async () => {
  loop.close()
  await reader.close()
})

interface Cost {
  /** Of the processor: the clock also counts what other programs do. ms. */
  readonly cpu: number
  /** How long this thread heard nobody, ms. */
  readonly gap: number
  /** Memory of the process at its peak, above what it had before. Bytes. */
  readonly grown: number
}

async function cost(raw: Buffer): Promise<Cost> {
  const before = { memory: memoryPeak(), cpu: process.cpuUsage() }
  let cpu = { user: 0, system: 0 }
  const gap = await loop.during(async () => {
    await reader.read(raw, {}).catch((error: unknown) => expect(error).toBeInstanceOf(MailUnreadable))
    cpu = process.cpuUsage(before.cpu)
  })
  return { cpu: (cpu.user + cpu.system) / 1_000, gap: ownGap(gap), grown: memoryPeak() - before.memory }
}

/** Since it was last asked; Linux only. Bytes. */
function memoryPeak(): number {
  if (process.platform !== 'linux') return 0
  const [, kb] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  writeFileSync('/proc/self/clear_refs', '5')
  return Number(kb) * 1024
}

test.each(Object.entries(hostileMails))('%s', patience, async (_name, make) => {
  const raw = make()
  memoryPeak()
  const costs = [await cost(raw)]
  expect((await reader.read(plain('the next one'), {})).text).toBe('the next one')
  // Other programs stop this thread too, but not each time.
  while (costs.length < 6 && (costs.at(-1)?.gap ?? 0) > longestGap) costs.push(await cost(raw))
  const least = (what: keyof Cost) => Math.min(...costs.map((one) => one[what]))
  expect(least('gap')).toBeLessThanOrEqual(longestGap)
  // One second, and what is around it.
  expect(least('cpu')).toBeLessThan(1_500)
  // A thread that has read nothing large before takes up to 100 MB for its first.
  expect(least('grown')).toBeLessThan(4 * Math.min(raw.length, 36 * mb) + 128 * mb)
})

test('a million lines are read, not given up', patience, async () => {
  const read = await reader.read(plain('a line of a log\r\n'.repeat(1_000_000)), {})
  expect(read.fullText.startsWith('a line of a log\na line of a log\n')).toBe(true)
})

test('a mail that takes too long is given up, and the next is read by a new thread', patience, async () => {
  const hasty = createMailReader({ limitMs: 1 })
  await expect(hasty.read(plain('a\n'.repeat(2_000_000)), {})).rejects.toThrow(MailUnreadable)
  await hasty.close()
  const again = await reader.read(plain('still here'), {})
  expect(again.text).toBe('still here')
})

test('closing while a mail is being read does not blame the mail', patience, async () => {
  const own = createMailReader()
  const reading = own.read(plain('a\n'.repeat(2_000_000)), {})
  await new Promise((done) => setImmediate(done))
  await own.close()
  await expect(reading).rejects.toThrow('closed')
})

test('a mail larger than 36 MB is read without its files', patience, async () => {
  const file = `--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(Buffer.alloc(29 * mb))}\r\n--b--`
  const raw = mail(`Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee the file\r\n${file}`)
  const read = await reader.read(raw, {})
  expect(read).toMatchObject({ text: 'see the file', attachments: [], omitted: 1, messageId: '<hostile@example.net>' })
})
