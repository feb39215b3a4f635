import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Debian's golang-github-gatherstars-com-jwz-dev: SpamAssassin's ham of 2002, real mails with broken charsets and long threads.
const folder = '/usr/share/gocode/src/github.com/gatherstars-com/jwz/test/testdata/ham'
const count = 2_403

/** When the mailbox got them. */
export const corpusReceived = new Date('2003-01-01T12:00:00Z')

export function corpus(): Buffer[] {
  if (!existsSync(folder)) throw new Error('The mails are missing: install golang-github-gatherstars-com-jwz-dev.')
  const mails = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  if (mails.length !== count) throw new Error(`There are ${mails.length} mails instead of ${count}.`)
  return mails
}
