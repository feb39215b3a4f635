import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stopped, tributary, tributaryDone, tributaryStarted } from '../support/cli-process.ts'
import { cloneTemplate } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { isRoot, temporaryFolder } from '../support/temporary-folder.ts'

const nobody = 65_534

/** Command lines of live processes that mention this. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const line = /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
      return line.includes(text) ? [line] : []
    } catch {
      return []
    }
  })
}

const postmasterOf = (dataDir: string) =>
  Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0])

test('the first start says where it is and how to become the first administrator; Ctrl-C leaves no process', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  const begun = performance.now()
  const run = await tributaryStarted({ env: { DATA_DIR: dataDir } })
  expect(performance.now() - begun).toBeLessThan(10_000)
  expect(run.out()).toContain(`Data in ${dataDir}`)
  const link = /first administrator[^:]*: (\S+)/.exec(run.out())?.[1] ?? ''
  expect(link).toMatch(new RegExp(`^${run.url}/one-time/[\\w-]{40,}$`))
  expect((await fetch(`${run.url}/readyz`)).status).toBe(200)
  expect((await fetch(run.url)).headers.get('content-type')).toContain('text/html')
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(run.err()).toContain('A new secret key was made')
  expect(await stopped(run)).toBe(0)
  expect(processesWith(dataDir)).toEqual([])
})

test('after kill -9 of the program the next start has all data; after Ctrl-C too, and the key stays', async () => {
  const env = { DATA_DIR: join(temporaryFolder(), 'data') }
  const first = await tributaryStarted({ env })
  expect((await tributaryDone(['user', 'add', 'ada@example.com', '--role', 'admin'], { env })).code).toBe(0)
  const postmaster = postmasterOf(env.DATA_DIR)
  first.child.kill('SIGKILL')
  await first.exited
  const second = await tributaryStarted({ env })
  expect(postmasterOf(env.DATA_DIR)).toBe(postmaster)
  expect(second.out()).not.toContain('first administrator')
  expect(second.err()).not.toContain('secret key')
  // Program and database together.
  second.child.kill('SIGKILL')
  process.kill(postmaster, 'SIGKILL')
  await second.exited
  const third = await tributaryStarted({ env })
  expect((await tributaryDone(['user', 'reset', 'ada@example.com'], { env })).out).toContain('/one-time/')
  expect(await stopped(third, 'SIGTERM')).toBe(0)
  expect(processesWith(env.DATA_DIR)).toEqual([])
})

test('a second start on the same directory ends at once, in one line, and disturbs nothing', async () => {
  const env = { DATA_DIR: join(temporaryFolder(), 'data') }
  const first = await tributaryStarted({ env })
  const second = await tributaryDone(['start'], { env })
  expect(second).toMatchObject({ code: 1, out: '' })
  expect(second.err).toMatch(new RegExp(`^Another Tributary \\(process ${first.child.pid}\\) runs on [^\\n]+\\n$`))
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  await stopped(first)
})

test('npm start and Ctrl-C in a terminal, which reaches every process of the job, leave none', async () => {
  const env = { DATA_DIR: join(temporaryFolder(), 'data') }
  const command = ['npm', 'start', '--silent']
  const run = tributary([], { env, command })
  await eventually(() => /ready at/.test(run.out()), { timeoutMs: 30_000 })
  process.kill(-(run.child.pid ?? 0), 'SIGINT')
  await run.exited
  expect(run.err()).toContain('finishing what is under way')
  await eventually(() => expect(processesWith(env.DATA_DIR)).toEqual([]))
  // A clean stop leaves no lock file; a forced one would.
  expect(existsSync(join(env.DATA_DIR, 'pg', 'postmaster.pid'))).toBe(false)
})

test.runIf(isRoot)('an ordinary user starts it as well', async () => {
  const home = temporaryFolder()
  chownSync(home, nobody, nobody)
  const env = { DATA_DIR: join(home, 'data'), HOME: home }
  const run = await tributaryStarted({ env, uid: nobody })
  expect(statSync(join(env.DATA_DIR, 'pg')).uid).toBe(nobody)
  expect(statSync(env.DATA_DIR).mode & 0o777).toBe(0o700)
  expect(await stopped(run)).toBe(0)
  expect(processesWith(env.DATA_DIR)).toEqual([])
})

test.runIf(isRoot)('a user id that no account has is told to set DATABASE_URL', async () => {
  const home = temporaryFolder()
  chownSync(home, 54_321, 54_321)
  const done = await tributaryDone(['start'], { env: { DATA_DIR: join(home, 'data') }, uid: 54_321 })
  expect(done.code).toBe(1)
  expect(done.err).toBe(
    'Embedded PostgreSQL cannot run here (user id 54321 has no entry in /etc/passwd). Set DATABASE_URL to a PostgreSQL 15 or newer.\n',
  )
})

test.runIf(isRoot)(
  'root in a folder that the database cannot enter gets a directory of the system, and is told',
  async () => {
    const closed = join(temporaryFolder(), 'home')
    const cwd = join(closed, 'my-desk')
    mkdirSync(cwd, { recursive: true })
    chmodSync(closed, 0o700)
    const run = await tributaryStarted({ cwd })
    const dataDir = /Data in (\S+)/.exec(run.out())?.[1] ?? ''
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    expect(dataDir).toMatch(/^\/var\/lib\/tributary\/my-desk-[0-9a-f]{8}$/)
    expect(existsSync(join(cwd, 'data'))).toBe(false)
    expect(existsSync(join(dataDir, 'secret.key'))).toBe(true)
    await stopped(run)
    const chosen = await tributaryDone(['start'], { cwd, env: { DATA_DIR: 'data' } })
    expect(chosen.code).toBe(1)
    expect(chosen.err).toMatch(new RegExp(`^DATA_DIR ${cwd}/data: [^\\n]* cannot enter ${closed}\\.[^\\n]*\\n$`))
  },
)

test('with DATABASE_URL no database is started, and stopping leaves the given one alone', async () => {
  const { target, drop } = await cloneTemplate()
  onTestFinished(drop)
  const url = 'url' in target ? target.url : `postgres://${target.user}@/${target.database}?host=${target.host}`
  const env = { DATA_DIR: join(temporaryFolder(), 'data'), DATABASE_URL: url }
  const run = await tributaryStarted({ env })
  expect(readdirSync(env.DATA_DIR)).not.toContain('pg')
  expect(await stopped(run)).toBe(0)
  expect((await tributaryDone(['doctor'], { env })).out).toContain('ok   tables')
})

test('what keeps it from starting is said in one line, without secrets', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await eventually(() => taken.listening)
  const address = taken.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  const dataDir = join(temporaryFolder(), 'data')
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: 'abc' }, /^PORT is "abc"; it must be a whole number/],
    [
      { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/desk' },
      /^The database of DATABASE_URL \(127\.0\.0\.1:1\/desk\) cannot be reached: .*ECONNREFUSED/,
    ],
    [{ DATA_DIR: dataDir, PORT: port }, /EADDRINUSE/],
  ]
  for (const [env, line] of cases) {
    const done = await tributaryDone(['start'], { env: { DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...env } })
    expect(done.code).toBe(1)
    expect(done.err).toMatch(line)
    expect(done.err.trim().split('\n')).toHaveLength(1)
    expect(done.err).not.toContain('hunter2')
  }
  expect(processesWith(dataDir)).toEqual([])
})
