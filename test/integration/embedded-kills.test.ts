import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { clientConfig } from '../../src/store/database.ts'
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from '../../src/store/embedded.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const log = pino({ level: 'silent' })

function optionsFor(dataDir = join(temporaryFolder(), 'data')): EmbeddedOptions {
  return { dataDir, dataDirIsDefault: false, log, sync: false, settings: { shared_buffers: '16MB' } }
}

async function started(options = optionsFor()): Promise<EmbeddedServer> {
  const server = await startEmbedded(options)
  onTestFinished(() => server.stop())
  return server
}

async function connected(server: EmbeddedServer): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(server.target))
  client.on('error', () => {})
  await client.connect()
  return client
}

async function query<T>(server: EmbeddedServer, sql: string): Promise<T | undefined> {
  const client = await connected(server)
  const { rows } = await client.query(sql)
  await client.end()
  return rows[0]
}

const pidFile = (dataDir: string) => join(dataDir, 'pg', 'postmaster.pid')
const pidOf = (dataDir: string) => Number(readFileSync(pidFile(dataDir), 'utf8').split('\n')[0])

test('a server killed at once is back within a second, with everything that was committed', async () => {
  const server = await started()
  await query(server, 'create table kept (n int)')
  for (const n of [1, 2, 3]) {
    await query(server, `insert into kept values (${n})`)
    process.kill(pidOf(server.dataDir), 'SIGKILL')
    const killed = performance.now()
    const row = await eventually(() => query(server, 'select max(n) as n from kept'), { intervalMs: 5 })
    expect(row).toEqual({ n })
    // The bar is one second; the rest is room for the other work of a busy machine.
    expect(performance.now() - killed).toBeLessThan(3000)
  }
})

test('one backend killed makes the server drop all connections; it is still one server, and ours', async () => {
  const server = await started()
  const postmaster = pidOf(server.dataDir)
  const client = await connected(server)
  const { rows } = await client.query('select pg_backend_pid() as pid')
  process.kill(rows[0].pid, 'SIGKILL')
  await eventually(() => query(server, 'select 1 as n'))
  expect(pidOf(server.dataDir)).toBe(postmaster)
  await eventually(async () => {
    const held = await query<{ n: number }>(
      server,
      `select count(*)::int as n from pg_locks where locktype = 'advisory'`,
    )
    expect(held?.n).toBe(1)
  })
})

test('a killed server whose backend still lives is waited for', async () => {
  const options = optionsFor()
  const server = await started(options)
  await query(server, 'create table kept as select 1 as n')
  const client = await connected(server)
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const orphan = rows[0].pid as number
  process.kill(orphan, 'SIGSTOP')
  process.kill(pidOf(server.dataDir), 'SIGKILL')
  // The refusal of the first tries stands in the server's log.
  await eventually(() => /shared memory block/.test(readFileSync(join(server.dataDir, 'pg.log'), 'utf8')))
  process.kill(orphan, 'SIGKILL')
  process.kill(orphan, 'SIGCONT')
  const row = await eventually(() => query(server, 'select n from kept'), { timeoutMs: 15_000 })
  expect(row).toEqual({ n: 1 })
})

test('of two programs on one directory, the one that lost its lock meanwhile is told to end', async () => {
  const options = optionsFor()
  let lost: Error | undefined
  const first = await started({ ...options, onLost: (error) => (lost = error) })
  const rival = await connected(first)
  await rival.query(`set application_name = 'tributary start ${process.pid}'`)
  const holder = `from pg_locks where locktype = 'advisory' and granted`
  const { rows } = await rival.query(`select classid::int, objid::int ${holder}`)
  // It waits in line, so it is next when the first loses its connection.
  const locked = rival.query('select pg_advisory_lock($1, $2)', [rows[0].classid, rows[0].objid])
  await eventually(() => query(first, `select 1 from pg_locks where not granted`).then((row) => row !== undefined))
  await query(first, `select pg_terminate_backend(pid) ${holder}`)
  await locked
  await eventually(() => expect(lost?.message).toMatch(/^Another Tributary/))
  await rival.end()
})

test.each([
  ['a live process of somebody else', () => `${process.ppid}`],
  ['a process that is gone', () => '4194303'],
  ['nonsense', () => 'postgres'],
])('a lock file that names %s does not keep the server from starting', async (_name, content) => {
  const options = optionsFor()
  const first = await startEmbedded(options)
  const written = readFileSync(pidFile(first.dataDir), 'utf8')
  await first.stop()
  writeFileSync(pidFile(first.dataDir), written.replace(/^\d+/, content()))
  const second = await started(options)
  expect(await query(second, 'select 1 as n')).toEqual({ n: 1 })
})

test('a process that has the pid of an old server by now is neither adopted nor stopped', async () => {
  const options = optionsFor()
  const server = await startEmbedded(options)
  const written = readFileSync(pidFile(server.dataDir), 'utf8')
  await server.stop()
  const other = spawn('sleep', ['60'])
  onTestFinished(() => void other.kill('SIGKILL'))
  writeFileSync(pidFile(server.dataDir), written.replace(/^\d+/, `${other.pid}`))
  const again = await startEmbedded(options)
  expect(pidOf(again.dataDir)).not.toBe(other.pid)
  await again.stop()
  expect(other.exitCode).toBeNull()
  expect(other.signalCode).toBeNull()
})

test('half a cluster left by a killed first start is cleared away', async () => {
  const options = optionsFor()
  const half = join(options.dataDir, 'pg.new.4194303')
  mkdirSync(half, { recursive: true })
  writeFileSync(join(half, 'PG_VERSION'), '18\n')
  const server = await started(options)
  expect(await query(server, 'select 1 as n')).toEqual({ n: 1 })
  expect(readdirSync(options.dataDir).filter((name) => name.startsWith('pg.new'))).toEqual([])
})

test('stopping while the server is being brought back ends both', async () => {
  const server = await startEmbedded(optionsFor())
  const killed = pidOf(server.dataDir)
  process.kill(killed, 'SIGKILL')
  // Not until there is none: the next one may be there already.
  await eventually(() => !runs(killed))
  await server.stop()
  await sleep(0)
  expect(postmasters(server.dataDir)).toBe(0)
})

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function postmasters(dataDir: string): number {
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statSync(`/proc/${name}`, { throwIfNoEntry: false }))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
  return commands.filter((command) => command.includes(`\0-D\0${join(dataDir, 'pg')}\0`)).length
}
