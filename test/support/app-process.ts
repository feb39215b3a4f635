import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The whole application in a process of its own, to be measured, stopped and killed. Built code only. */
export interface AppProcess {
  readonly pid: number
  readonly url: string
  /** From the start of the process to the first 200 of /readyz, ms. */
  readonly readyMs: number
  alive(): boolean
  /** Resolves when the process is gone; at once after signals that end nothing. */
  signal(signal: NodeJS.Signals): Promise<void>
}

export interface AppWish {
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  /** Everything the process says. */
  readonly logFile: string
  readonly readyWithinMs?: number
}

const endless: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT', 'SIGUSR2']

// A harness that ends for whatever reason leaves no app behind.
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

const entry = fileURLToPath(new URL('../chaos/node.js', import.meta.url))

export async function startApp(wish: AppWish): Promise<AppProcess> {
  const started = performance.now()
  const url = `http://127.0.0.1:${wish.port}`
  const log = openSync(wish.logFile, 'a')
  const { PATH = '', HOME = '', TMPDIR } = process.env
  // As `npm start` runs it.
  const child = spawn(process.execPath, ['--max-semi-space-size=8', entry], {
    env: {
      PATH,
      HOME,
      MALLOC_MMAP_THRESHOLD_: '131072',
      ...(TMPDIR ? { TMPDIR } : {}),
      PORT: String(wish.port),
      ...wish.env,
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  children.add(child)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      children.delete(child)
      resolve()
    })
  })
  await ready(child, url, wish, started)
  return {
    pid: child.pid ?? 0,
    url,
    readyMs: performance.now() - started,
    alive: () => child.exitCode === null && child.signalCode === null,
    signal: async (signal) => {
      child.kill(signal)
      if (!endless.includes(signal)) await gone
    },
  }
}

async function ready(child: ChildProcess, url: string, wish: AppWish, started: number): Promise<void> {
  while (performance.now() - started < (wish.readyWithinMs ?? 90_000)) {
    if (child.exitCode !== null || child.signalCode !== null) break
    if (await isReady(url)) return
    await pause(15)
  }
  child.kill('SIGKILL')
  const said = readFileSync(wish.logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
  throw new Error(`the app did not become ready; its last words:\n${said}`)
}

export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}

/** A port that was free a moment ago; kept for all lives of one app, so that its customers find it again. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}
