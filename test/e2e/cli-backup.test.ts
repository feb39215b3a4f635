import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { migrationNames, runMigrations } from '../../src/store/database.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { tributary, tributaryDone, tributaryStarted } from '../support/cli-process.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const newData = () => ({ DATA_DIR: join(temporaryFolder(), 'data') })
const password = 'correct horse battery staple'

async function signIn(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password }),
  })
  return answer.status
}

async function database({ DATA_DIR }: { DATA_DIR: string }): Promise<pg.Client> {
  const client = new pg.Client({ host: join(DATA_DIR, 'socket'), port: 5432, user: 'tributary', database: 'tributary' })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => client.end().catch(() => {}))
  return client
}

test('a running server is backed up, lost, and restored into a new data directory', async () => {
  const env = newData()
  const run = await tributaryStarted({ env })
  const add = ['user', 'add', 'ada@example.com', '--role', 'admin', '--password-stdin']
  expect(await tributaryDone(add, { env, input: password })).toMatchObject({ code: 0 })
  await (await database(env)).query(
    `insert into idempotency_key (principal, route, key, body_hash, response)
     select 'token:1', 'r', n::text, '\\x00', to_json(repeat(md5(n::text), 50)) from generate_series(1, 60000) n`,
  )
  const folder = temporaryFolder()
  const file = join(folder, 'tributary.tar.gz')

  const cut = tributary(['backup', file], { env })
  await eventually(() => existsSync(`${file}.partial`), { timeoutMs: 20_000, intervalMs: 2 })
  cut.child.kill('SIGKILL')
  await cut.exited
  expect(existsSync(file)).toBe(false)
  const left = statSync(`${file}.partial`)
  const begunAnew = ({ mtimeMs, size }: typeof left) => mtimeMs > left.mtimeMs && size > 0
  const stopped = tributary(['backup', file], { env })
  await eventually(() => begunAnew(statSync(`${file}.partial`)), {
    timeoutMs: 20_000,
    intervalMs: 2,
  })
  stopped.child.kill('SIGINT')
  expect([await stopped.exited, stopped.err(), readdirSync(folder)]).toEqual([1, 'Stopped; nothing was kept.\n', []])

  const done = await tributaryDone(['backup', file], { env })
  expect(done).toMatchObject({ code: 0, err: '' })
  expect(done.out).toMatch(/tables with 6\d{4} rows, 0 files, [\d.]+ MB, as of /)
  expect(done.out).toContain(join(env.DATA_DIR, 'secret.key'))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await tributaryDone(['backup', file], { env })).err).toContain('is there already')
  expect(await tributaryDone(['backup', file, '--force'], { env })).toMatchObject({ code: 0 })
  expect((await tributaryDone(['doctor'], { env })).out).toMatch(
    /ok {3}backup: the last one is of .*tributary\.tar\.gz/,
  )
  const here = await tributaryDone(['restore', file], { env })
  expect(here).toMatchObject({ code: 1, out: '' })
  expect(here.err).toMatch(/^The database is not empty: .*\n$/)

  process.kill(-(run.child.pid ?? 0), 'SIGKILL')
  const other = newData()
  const restored = await tributaryDone(['restore', file], { env: other })
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect(restored.out).toContain(`put the key of the original at ${join(other.DATA_DIR, 'secret.key')}`)
  copyFileSync(join(env.DATA_DIR, 'secret.key'), join(other.DATA_DIR, 'secret.key'))
  const again = await tributaryStarted({ env: other })
  expect(await signIn(again.url)).toBeLessThan(300)
  const { rows } = await (await database(other)).query('select count(*)::int as n from idempotency_key')
  expect(rows).toEqual([{ n: 60_000 }])
}, 120_000)

test('what is no backup is refused in one line before a database is made', async () => {
  const env = newData()
  const file = join(temporaryFolder(), 'x.tar.gz')
  expect((await tributaryDone(['restore', file], { env })).err).toMatch(/^ENOENT.*\n$/)
  writeFileSync(file, 'no archive')
  const refused = await tributaryDone(['restore', file], { env })
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toMatch(/x\.tar\.gz is damaged or no backup .*\n$/)
  expect(existsSync(env.DATA_DIR)).toBe(false)
  expect((await tributaryDone(['backup', join(file, 'y')], { env })).code).toBe(1)
})

test('tables of an older release are backed up before they are changed, and not changed when that fails', async () => {
  const env = newData()
  const log = pino({ level: 'silent' })
  const server = await startEmbedded({ dataDir: env.DATA_DIR, dataDirIsDefault: false, log })
  await runMigrations(server.target, migrationNames().slice(0, 2))
  await server.stop()
  const next = migrationNames()[2] ?? ''
  const folder = join(env.DATA_DIR, 'backups')
  writeFileSync(folder, 'in the way')
  const failed = await tributaryDone(['start'], { env })
  expect(failed.code).toBe(1)
  expect(failed.err).toMatch(/No backup could be made before the tables are changed: .* --no-backup\.\n$/)

  rmSync(folder)
  mkdirSync(folder)
  for (const age of [1, 2, 3]) {
    writeFileSync(join(folder, `before-${age}.tar.gz`), '')
    utimesSync(join(folder, `before-${age}.tar.gz`), 1000 - age, 1000 - age)
  }
  const migrated = await tributaryDone(['migrate'], { env })
  expect(migrated).toMatchObject({ code: 0, err: '' })
  expect(migrated.out).toContain(`The tables as they were: ${join(folder, `before-${next}.tar.gz`)}`)
  expect(readdirSync(folder).sort()).toEqual(['before-1.tar.gz', 'before-2.tar.gz', `before-${next}.tar.gz`])
  expect(await tributaryDone(['restore', join(folder, `before-${next}.tar.gz`)], { env: newData() })).toMatchObject({
    code: 0,
  })
  expect((await tributaryDone(['migrate'], { env })).out).toBe('Nothing to do: the tables are those of this release.\n')
})
