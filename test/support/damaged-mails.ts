import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostileMails } from './hostile-mails.ts'

export interface Original {
  readonly name: string
  readonly raw: Buffer
}

// Debian's libpython3.11-testsuite: mails that once broke the parser of Python.
const python = '/usr/lib/python3.11/test/test_email/data'
const replies = fileURLToPath(new URL('../channels/fixtures/email/replies', import.meta.url))
/** A larger one is damaged in so many places that only its size is left of it. Bytes. */
const largestHostile = 600_000

export function originalMails(): Original[] {
  if (!existsSync(python)) throw new Error('The mails of Python are missing: install libpython3.11-testsuite and zzuf.')
  const lying = [
    [replies, /\.eml$/],
    [python, /^msg_.*\.txt$/],
  ] as const
  const read = lying.flatMap(([folder, names]) =>
    readdirSync(folder)
      .filter((name) => names.test(name))
      .map((name) => ({ name, raw: readFileSync(join(folder, name)) })),
  )
  const made = Object.entries(hostileMails).map(([name, make]) => ({ name, raw: make() }))
  return [...read, ...made.filter(({ raw }) => raw.length > 0 && raw.length < largestHostile)]
}

/** What keeps a mail a mail; damage that leaves it alone gets further in. */
const structure = '\\r\\n:;="-<>/'

/** Some of its bits turned by Debian's zzuf: the same ones for the same seed, and more or fewer for another. */
export function damaged(raw: Buffer, seed: number): Buffer {
  const gentle = seed % 2 === 0 ? ['-P', structure] : []
  return execFileSync('zzuf', ['-s', String(seed), '-r', '0.0002:0.03', ...gentle], {
    input: raw,
    maxBuffer: 4 * largestHostile,
  })
}
