import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accountForNew, accountOfExisting, firstClosedFolder } from '../../../src/store/embedded-account.ts'
import { isRoot, temporaryFolder } from '../../support/temporary-folder.ts'

const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 }
const line = (name: string, uid: number) => `${name}:x:${uid}:${uid}::/:/bin/false\n`

function passwd(...lines: string[]): string {
  const file = join(temporaryFolder(), 'passwd')
  writeFileSync(file, [line('root', 0), ...lines].join(''))
  return file
}

test.runIf(isRoot)('root hands the server to postgres, else to nobody', () => {
  expect(accountForNew(passwd(line('nobody', 65_534), line('postgres', 70)))).toMatchObject({ uid: 70 })
  expect(accountForNew(passwd(line('nobody', 65_534)))).toEqual(nobody)
})

test.runIf(isRoot)('root stops where neither account exists, or postgres is root by another name', () => {
  expect(() => accountForNew(passwd())).toThrow('there is neither an account postgres nor nobody')
  expect(() => accountForNew(passwd(line('postgres', 0)))).toThrow('Set DATABASE_URL')
})

test.runIf(!isRoot)('an ordinary user runs it as themselves', () => {
  expect(accountForNew().uid).toBe(process.getuid?.())
})

test.runIf(isRoot)('an existing directory is run as its owner, also one without an entry in passwd', () => {
  const folder = temporaryFolder()
  chownSync(folder, 65_534, 65_534)
  expect(accountOfExisting(folder, passwd(line('postgres', 70), line('nobody', 65_534)))).toEqual(nobody)
  chownSync(folder, 4242, 4243)
  expect(accountOfExisting(folder, passwd(line('postgres', 70)))).toEqual({ name: '4242', uid: 4242, gid: 4243 })
})

test.runIf(isRoot)("a directory of root's own is refused with the command that mends it", () => {
  const folder = temporaryFolder()
  expect(() => accountOfExisting(folder)).toThrow(`chown -R postgres ${folder}`)
})

test('the first folder on the way that the account cannot enter is named', () => {
  const base = temporaryFolder()
  const open = join(base, 'open')
  const shut = join(open, 'shut')
  mkdirSync(join(shut, 'below'), { recursive: true })
  chmodSync(shut, 0o700)
  const stranger = { name: 'stranger', uid: 4242, gid: 4242 }
  expect(firstClosedFolder(join(shut, 'below', 'not', 'there', 'yet'), stranger)).toBe(shut)
  expect(firstClosedFolder(open, stranger)).toBeUndefined()
  symlinkSync(join(shut, 'below'), join(base, 'link'))
  expect(firstClosedFolder(join(base, 'link'), stranger)).toBe(shut)
  chmodSync(shut, 0o711)
  expect(firstClosedFolder(join(shut, 'below'), stranger)).toBeUndefined()
})

test('owner and group are judged by their own bits', () => {
  const folder = temporaryFolder()
  const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  chmodSync(folder, 0o701)
  expect(firstClosedFolder(folder, { name: 'me', ...me })).toBeUndefined()
  expect(firstClosedFolder(folder, { name: 'group', uid: 4242, gid: me.gid })).toBe(folder)
  expect(firstClosedFolder(folder, { name: 'other', uid: 4242, gid: 4242 })).toBeUndefined()
})
