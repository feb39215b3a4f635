import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { clientConfig } from '../../src/store/database.ts'
import { attachEmbedded, type EmbeddedOptions, type EmbeddedServer, startEmbedded } from '../../src/store/embedded.ts'
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts'

const log = pino({ level: 'silent' })

function optionsFor(dataDir = join(temporaryFolder(), 'data')): EmbeddedOptions {
  return { dataDir, dataDirIsDefault: false, log, sync: false, settings: { shared_buffers: '16MB' } }
}

async function started(options = optionsFor()): Promise<EmbeddedServer> {
  const server = await startEmbedded(options)
  onTestFinished(() => server.stop())
  return server
}

async function query<T>(server: EmbeddedServer, sql: string): Promise<T | undefined> {
  const client = new pg.Client(clientConfig(server.target))
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows[0]
}

const pidOf = (server: EmbeddedServer) =>
  Number(readFileSync(join(server.dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0])
/** A process that ended and is still to be collected has an empty command line. */
const runs = (pid: number) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`).length > 0

test('the server is a PostgreSQL that knows Chinese letters, keeps UTC and listens on no port', async () => {
  const server = await started()
  expect(server.holdsLock).toBe(true)
  expect(await query(server, 'create extension pg_trgm')).toBeUndefined()
  const facts = await query<Record<string, unknown>>(
    server,
    `select current_setting('server_encoding') as encoding, similarity('我的订单在哪里', '订单在哪里查询') > 0 as chinese,
            current_setting('listen_addresses') as addresses, current_setting('TimeZone') as zone,
            current_setting('fsync') as fsync, current_setting('jit') as jit, current_setting('max_connections') as room`,
  )
  expect(facts).toEqual({
    encoding: 'UTF8',
    chinese: true,
    addresses: '',
    zone: 'UTC',
    fsync: 'on',
    jit: 'off',
    room: '60',
  })
})

test('nothing of our environment leaks into the server, and Ctrl-C does not reach it', async () => {
  const server = await started()
  const pid = pidOf(server)
  const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .map((entry) => entry.split('=')[0])
  const ours = names.filter((name) => name && !name.startsWith('PG'))
  expect(ours.sort()).toEqual(['LC_ALL', 'PATH', 'TZ'])
  const [, group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) . /, '')
    .split(' ')
  expect(Number(group)).toBe(pid)
})

test.runIf(isRoot)(
  'started by root, everything of the database belongs to its account and nothing else does',
  async () => {
    const server = await started()
    const owner = statSync(`/proc/${pidOf(server)}`).uid
    expect(owner).not.toBe(0)
    const of = (name: string) => {
      const stats = statSync(join(server.dataDir, name))
      return { uid: stats.uid, mode: stats.mode & 0o777 }
    }
    expect(of('.')).toEqual({ uid: 0, mode: 0o711 })
    expect(of('pg')).toEqual({ uid: owner, mode: 0o700 })
    expect(of('socket')).toEqual({ uid: owner, mode: 0o700 })
    expect(of('pg.log')).toEqual({ uid: 0, mode: 0o600 })
  },
)

test('stopping ends the server, and the next start finds the data', async () => {
  const options = optionsFor()
  const first = await startEmbedded(options)
  const pid = pidOf(first)
  await query(first, 'create table kept as select 42 as n')
  await first.stop()
  expect(runs(pid)).toBe(false)
  const second = await started(options)
  expect(await query(second, 'select n from kept')).toEqual({ n: 42 })
})

test('a second start on the same directory is refused and names the process that has it', async () => {
  const server = await started()
  const second = startEmbedded(optionsFor(server.dataDir))
  await expect(second).rejects.toThrow(`Another Tributary (process ${process.pid}) runs on ${server.dataDir}.`)
  expect(await query(server, 'select 1 as n')).toEqual({ n: 1 })
})

test('of two that start at once on an empty directory, one runs and the other is refused', async () => {
  const options = optionsFor()
  const tries = await Promise.allSettled([startEmbedded(options), startEmbedded(options)])
  const winners = tries.flatMap((t) => (t.status === 'fulfilled' ? [t.value] : []))
  for (const winner of winners) onTestFinished(() => winner.stop())
  expect(winners).toHaveLength(1)
  expect(tries.find((t) => t.status === 'rejected')?.reason.message).toMatch(/^Another Tributary/)
})

test('a command uses the server that runs and leaves it running', async () => {
  const server = await started()
  await query(server, 'create table seen as select 7 as n')
  const command = await attachEmbedded(optionsFor(server.dataDir))
  expect(command.holdsLock).toBe(false)
  expect(await query(command, 'select n from seen')).toEqual({ n: 7 })
  await command.stop()
  expect(await query(server, 'select n from seen')).toEqual({ n: 7 })
})

test('a command alone starts the server for its own time and leaves no process', async () => {
  const command = await attachEmbedded(optionsFor())
  const pid = pidOf(command)
  expect(await query(command, 'select 1 as n')).toEqual({ n: 1 })
  await command.stop()
  expect(runs(pid)).toBe(false)
})

test('a command does not stop the server that another command still uses, or that a start took over', async () => {
  const first = await attachEmbedded(optionsFor())
  const second = await attachEmbedded(optionsFor(first.dataDir))
  await first.stop()
  expect(await query(second, 'select 1 as n')).toEqual({ n: 1 })
  const start = await started(optionsFor(first.dataDir))
  await second.stop()
  expect(await query(start, 'select 1 as n')).toEqual({ n: 1 })
})

test('data written by another major version is refused with the way out', async () => {
  const options = optionsFor()
  await (await startEmbedded(options)).stop()
  const file = join(options.dataDir, 'pg', 'PG_VERSION')
  writeFileSync(file, '17\n')
  await expect(startEmbedded(options)).rejects.toThrow(
    /was written by PostgreSQL 17, and this release has 18\. Check out the previous release, run tributary backup/,
  )
  writeFileSync(file, '19\n')
  await expect(startEmbedded(options)).rejects.toThrow(/was written by PostgreSQL 19.*Use the newer release/)
})

test('a server that cannot start says why in one line', async () => {
  const options = { ...optionsFor(), settings: { shared_buffers: 'plenty' } }
  await expect(startEmbedded(options)).rejects.toThrow(
    /^The embedded database did not start: [^\n]*invalid value for parameter "shared_buffers"[^\n]*$/,
  )
})

test('the server log is capped at start and keeps its end', async () => {
  const options = optionsFor()
  await (await startEmbedded(options)).stop()
  const file = join(options.dataDir, 'pg.log')
  writeFileSync(file, `${'old\n'.repeat(400_000)}the end\n`)
  await (await startEmbedded(options)).stop()
  expect(statSync(file).size).toBeLessThan(300_000)
  expect(readFileSync(file, 'utf8')).toContain('the end\n')
})
