import { chmodSync, chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { takePlace } from '../../../src/store/embedded-place.ts'
import { isRoot, temporaryFolder } from '../../support/temporary-folder.ts'

const mode = (path: string) => statSync(path).mode & 0o777

function request(dataDir: string, isDefault = false) {
  return { dataDir, isDefault, systemDir: join(temporaryFolder(), 'system') }
}

/** A checkout in a home that only its owner may enter. */
function closedCheckout(): string {
  const home = join(temporaryFolder(), 'home')
  mkdirSync(join(home, 'checkout'), { recursive: true })
  chmodSync(home, 0o700)
  return join(home, 'checkout')
}

test('the directories are made, each open to whom it must be and nobody else', () => {
  const dataDir = join(temporaryFolder(), 'data')
  const place = takePlace(request(dataDir))
  expect(place).toMatchObject({ dataDir, cluster: join(dataDir, 'pg'), log: join(dataDir, 'pg.log') })
  expect(mode(dataDir)).toBe(isRoot ? 0o711 : 0o700)
  expect(mode(place.socketDir)).toBe(0o700)
  expect(statSync(place.socketDir).uid).toBe(place.account.uid)
  expect(place.account.uid).not.toBe(0)
})

test('a socket directory longer than a socket address can be lies in the temporary folder, the same at every start', () => {
  const short = takePlace(request(join(temporaryFolder(), 'x')))
  expect(short.socketDir).toBe(join(short.dataDir, 'socket'))
  const deep = request(join(temporaryFolder(), 'x'.repeat(80)))
  const first = takePlace(deep)
  onTestFinished(() => rmSync(first.socketDir, { recursive: true }))
  expect(first.socketDir).toMatch(/\/tributary-[0-9a-f]{16}$/)
  expect(takePlace(deep).socketDir).toBe(first.socketDir)
})

test('a socket directory that somebody else holds is refused', () => {
  const dataDir = join(temporaryFolder(), 'data')
  mkdirSync(join(dataDir, 'pg'), { recursive: true })
  if (isRoot) chownSync(join(dataDir, 'pg'), 65_534, 65_534)
  mkdirSync(join(dataDir, 'socket'))
  chmodSync(join(dataDir, 'socket'), 0o777)
  expect(() => takePlace(request(dataDir))).toThrow(`${join(dataDir, 'socket')} must be a folder of mode 0700`)
})

test.runIf(isRoot)(
  'the default under a closed checkout gives way to a directory of the system, and stays there',
  () => {
    const checkout = closedCheckout()
    const asked = request(join(checkout, 'data'), true)
    const place = takePlace(asked)
    expect(place.dataDir).toMatch(new RegExp(`^${asked.systemDir}/checkout-[0-9a-f]{8}$`))
    mkdirSync(place.cluster)
    chownSync(place.cluster, place.account.uid, place.account.gid)
    chmodSync(join(checkout, '..'), 0o755)
    expect(takePlace(asked).dataDir).toBe(place.dataDir)
  },
)

test.runIf(isRoot)('a chosen directory that the account cannot reach is refused, naming account and folder', () => {
  const checkout = closedCheckout()
  const home = join(checkout, '..')
  expect(() => takePlace(request(join(checkout, 'data')))).toThrow(
    new RegExp(`^DATA_DIR ${checkout}/data: PostgreSQL runs as the account \\w+, which cannot enter ${home}\\.`),
  )
})

test.runIf(isRoot)('a home named by mistake is not opened to others', () => {
  const home = join(temporaryFolder(), 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'diary'), '')
  chmodSync(home, 0o700)
  expect(() => takePlace(request(home))).toThrow('cannot enter')
  expect(mode(home)).toBe(0o700)
})

test('a path that cannot be a directory is refused in one line', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => takePlace(request(join(file, 'data')))).toThrow(
    /^DATA_DIR .* cannot be made: .*file already exists[^\n]*$/,
  )
})
