import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSecretKey } from '../../../src/security/secret-key.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a key is made once, readable by its owner alone, and is the same ever after', () => {
  const dataDir = join(temporaryFolder(), 'data')
  const first = readSecretKey(dataDir, undefined)
  expect(first.createdAt).toBe(join(dataDir, 'secret.key'))
  expect(first.key).toMatch(/^[\w-]{43}$/)
  expect(readSecretKey(dataDir, undefined)).toEqual({ key: first.key })
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataDir)).toEqual(['secret.key'])
})

test('a key copied back with open permissions is closed again', () => {
  const dataDir = temporaryFolder()
  writeFileSync(join(dataDir, 'secret.key'), `${'k'.repeat(43)}\n`)
  chmodSync(join(dataDir, 'secret.key'), 0o644)
  expect(readSecretKey(dataDir, undefined).key).toBe('k'.repeat(43))
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
})

test('a given key is used and nothing is written', () => {
  const dataDir = temporaryFolder()
  expect(readSecretKey(dataDir, 'g'.repeat(32))).toEqual({ key: 'g'.repeat(32) })
  expect(readdirSync(dataDir)).toEqual([])
})

test('an emptied key file is not replaced: what was sealed with the old key would be lost unseen', () => {
  const dataDir = temporaryFolder()
  writeFileSync(join(dataDir, 'secret.key'), '')
  expect(() => readSecretKey(dataDir, undefined)).toThrow('holds no key. Restore it from a backup')
})
