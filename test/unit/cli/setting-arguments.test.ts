import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../../../src/cli/command.ts'
import { settingsFrom } from '../../../src/cli/setting-arguments.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('text, JSON, files and dotted keys become one object', () => {
  const file = join(temporaryFolder(), 'password')
  writeFileSync(file, 'from a file\n')
  expect(
    settingsFrom([
      'token=123:ABC=',
      'groups:=["a"]',
      'imap.host=mail.example',
      'imap.port:=993',
      `imap.password=@${file}`,
    ]),
  ).toEqual({
    token: '123:ABC=',
    groups: ['a'],
    imap: { host: 'mail.example', port: 993, password: 'from a file' },
  })
})

test.each([
  ['token', '--setting is "token"'],
  ['=x', 'must be key=text'],
  ['token:=hunter2', '--setting token:= is followed by something that is not JSON.'],
  ['token=@/not/there', '--setting token: ENOENT'],
  ['__proto__.admin:=true', 'must be key=text'],
  ['constructor.prototype.admin:=true', '--setting constructor is no setting.'],
])('%s is refused', (argument, message) => {
  expect(() => settingsFrom([argument])).toThrow(UsageError)
  expect(() => settingsFrom([argument])).toThrow(message)
  expect(() => settingsFrom([argument])).not.toThrow(/hunter2/)
})

test('a key cannot be a value and an object at once', () => {
  expect(() => settingsFrom(['imap=x', 'imap.host=y'])).toThrow('--setting imap is given both')
})
