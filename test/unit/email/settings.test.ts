import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseSettings, settingsSchema } from '../../../channels/email/settings.ts'
import { translations } from '../../../channels/email/words.ts'
import { SettingsError } from '../../../src/channel/errors.ts'
import { secretPaths } from '../../../src/domain/secret-settings.ts'

const smtp = { host: 'smtp.desk.test', user: 'support', password: 'x' }
const imap = { host: 'imap.desk.test', user: 'support', password: 'x' }
const usual = { address: 'Support@Desk.test', imap, smtp }
const oauth2 = { clientId: 'c', refreshToken: 'r', tokenUrl: 'https://oauth2.googleapis.com/token' }

test('what need not be said has a usual value', () => {
  expect(parseSettings(usual)).toMatchObject({
    address: 'support@desk.test',
    receive: 'imap',
    imap: { port: 993, security: 'tls', mailbox: 'INBOX' },
    smtp: { port: 587, security: 'starttls' },
    plusAddresses: true,
    subjectJoins: true,
  })
  const direct = { address: usual.address, receive: 'smtp', listen: {}, smtp: { host: '127.0.0.1' } }
  expect(parseSettings(direct)).toMatchObject({ listen: { host: '0.0.0.0', port: 25 } })
})

test.each([
  ['an address that is none', { ...usual, address: 'support' }, 'address'],
  ['an address with a header in it', { ...usual, address: 'a@desk.test\r\nBcc: b@desk.test' }, 'address'],
  ['nowhere to read', { address: usual.address, smtp }, 'imap'],
  ['nowhere to listen', { ...usual, receive: 'smtp' }, 'listen'],
  ['a user without a password', { ...usual, imap: { ...imap, password: undefined } }, 'imap.password'],
  ['a sender without a password', { ...usual, smtp: { ...smtp, password: undefined } }, 'smtp.password'],
  ['a certificate without its key', { ...usual, listen: { cert: 'PEM' } }, 'listen.key'],
  ['a port that is none', { ...usual, smtp: { ...smtp, port: 70_000 } }, 'smtp.port'],
  ['a relay that is no address', { ...usual, relays: ['mx.desk.test'] }, 'relays.0'],
  ['a server with a path', { ...usual, imap: { ...imap, host: 'https://imap.desk.test/' } }, 'imap.host'],
  [
    'a token address that is no web address',
    { ...usual, oauth2: { ...oauth2, tokenUrl: 'file:///x' } },
    'oauth2.tokenUrl',
  ],
  ['a field nobody knows', { ...usual, imap: { ...imap, folder: 'x' } }, 'imap.folder'],
])('%s is refused, by name', (_what, given, field) => {
  let thrown: unknown
  try {
    parseSettings(given)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(SettingsError)
  expect((thrown as SettingsError).field).toBe(field)
})

test('OAuth 2 stands in for passwords', () => {
  const without = { ...usual, imap: { ...imap, password: undefined }, smtp: { ...smtp, password: undefined }, oauth2 }
  expect(parseSettings(without).oauth2).toEqual(oauth2)
})

test('every secret is known as one', () => {
  expect(secretPaths(settingsSchema).map((path) => path.join('.'))).toEqual([
    'imap.password',
    'listen.key',
    'smtp.password',
    'oauth2.clientSecret',
    'oauth2.refreshToken',
    'dkim.privateKey',
  ])
})

test('every field has words in both languages', () => {
  const paths = fieldPaths(z.toJSONSchema(settingsSchema, { io: 'input' }) as Node)
  expect(paths.length).toBeGreaterThan(25)
  expect(Object.keys(translations['zh']!.fields).sort()).toEqual(paths.map(({ path }) => path).sort())
  expect(paths.filter(({ title }) => title === undefined)).toEqual([])
})

interface Node {
  readonly title?: string
  readonly properties?: Readonly<Record<string, Node>>
}

function fieldPaths(node: Node, before = ''): { path: string; title: string | undefined }[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, one]) => [
    { path: before + name, title: one.title },
    ...fieldPaths(one, `${before}${name}.`),
  ])
}
