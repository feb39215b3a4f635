#!/usr/bin/env node
// Builds what is not built: the server to dist/, the inbox to web/dist/, the widget to dist/widget/.
// Nothing is done when no source changed since, so that `npm start` may call it every time.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')

const settings = ['package-lock.json', 'tsconfig.json']
const parts = [
  {
    name: 'server',
    sources: [...settings, 'tsconfig.build.json', 'src', 'channels', 'config'],
    result: 'dist/src/cli/run.js',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    after: removeOrphans,
  },
  {
    name: 'inbox',
    sources: [...settings, 'web', 'src/wire', 'src/domain'],
    result: 'web/dist/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
  },
  {
    name: 'widget',
    sources: [...settings, 'channels/widget/browser'],
    result: 'dist/widget/widget.js',
    command: ['channels/widget/browser/build.js'],
  },
]

export async function build(log = console.error) {
  // An image holds what was built and no sources.
  if (!existsSync(join(root, 'tsconfig.build.json'))) return
  if (parts.every(isFresh)) return
  mkdirSync(dist, { recursive: true })
  await alone(async () => {
    const stale = parts.filter((part) => !isFresh(part))
    if (stale.length === 0) return
    if (!existsSync(join(root, 'node_modules/typescript')))
      throw new Error('The build needs the development packages: run npm ci')
    log(`Building ${stale.map(({ name }) => name).join(', ')} …`)
    // All end before the lock goes, also when one fails.
    const failed = (await Promise.allSettled(stale.map(buildPart))).find(({ status }) => status === 'rejected')
    if (failed) throw failed.reason
  })
}

async function buildPart(part) {
  // Taken before: a file saved while the compiler runs makes the next start build again.
  const stamp = stampOf(part)
  rmSync(stampFile(part), { force: true })
  // The compiler would trust its notes and not write again what somebody removed.
  if (!existsSync(join(root, part.result))) rmSync(join(dist, '.tsbuildinfo'), { force: true })
  await run(part)
  part.after?.()
  writeFileSync(stampFile(part), stamp)
}

const stampFile = ({ name }) => join(dist, `.built-${name}`)

function isFresh(part) {
  if (!existsSync(stampFile(part)) || !existsSync(join(root, part.result))) return false
  return readFileSync(stampFile(part), 'utf8') === stampOf(part)
}

/** Of names, sizes and times: contents would take longer to read than the rest of a start. */
function stampOf({ sources }) {
  const hash = createHash('sha256')
  for (const source of sources) for (const line of describe(join(root, source))) hash.update(`${line}\n`)
  return hash.digest('hex')
}

function describe(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return []
  if (!stats.isDirectory()) return [`${relative(root, path)} ${stats.size} ${stats.mtimeMs}`]
  return readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .sort()
    .flatMap((name) => describe(join(path, name)))
}

function run({ name, command }) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
    child.once('error', failed)
    child.once('exit', (code) =>
      code === 0 ? done() : failed(new Error(`Building the ${name} failed:\n${output.trim()}`)),
    )
  })
}

/** The compiler does not remove what it made from a file that is gone. */
function removeOrphans() {
  for (const folder of ['src', 'channels', 'config'].filter((name) => existsSync(join(dist, name))))
    for (const entry of readdirSync(join(dist, folder), { recursive: true, withFileTypes: true })) {
      const made = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !made.endsWith('.js')) continue
      if (!existsSync(join(root, relative(dist, made)).replace(/\.js$/, '.ts'))) rmSync(made)
    }
}

/** Two starts at once must not write the same files. */
async function alone(work) {
  const lock = join(dist, '.lock')
  for (;;) {
    try {
      const file = openSync(lock, 'wx')
      writeFileSync(file, String(process.pid))
      closeSync(file)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isAbandoned(lock)) rmSync(lock, { force: true })
      else await sleep(100)
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function isAbandoned(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    // Just made and not yet written.
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs > 5000
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  build().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
