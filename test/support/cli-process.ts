import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'

/** The built program, as somebody runs it in a terminal. */
export interface CliProcess {
  readonly child: ChildProcess
  out(): string
  err(): string
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>
}

export interface CliWish {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly uid?: number
  readonly input?: string
  /** Instead of node bin/tributary.js. */
  readonly command?: readonly string[]
  /** Several tests use it; whoever started it ends it. */
  readonly outlivesTest?: true
}

export const checkout = fileURLToPath(new URL('../..', import.meta.url))

/** In a process group of its own, like a job of a shell; whatever is left of it after the test is killed. */
export function tributary(args: readonly string[], wish: CliWish = {}): CliProcess {
  const [program = process.execPath, ...rest] = wish.command ?? [process.execPath, `${checkout}bin/tributary.js`]
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(program, [...rest, ...args], {
    cwd: wish.cwd ?? checkout,
    env: { PATH, HOME, PORT: '0', LOG_LEVEL: 'warn', ...wish.env },
    detached: true,
    ...(wish.uid !== undefined && { uid: wish.uid, gid: wish.uid }),
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (data) => (said.out += data))
  child.stderr.on('data', (data) => (said.err += data))
  child.stdin.on('error', () => {})
  child.stdin.end(wish.input ?? '')
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const end = () => {
    if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL')
  }
  if (wish.outlivesTest) process.once('exit', end)
  else onTestFinished(end)
  return { child, out: () => said.out, err: () => said.err, exited }
}

/** A command that ends by itself. */
export async function tributaryDone(args: readonly string[], wish: CliWish = {}) {
  const run = tributary(args, wish)
  const code = await run.exited
  return { code, out: run.out(), err: run.err() }
}

/** `start`, once it is ready. */
export async function tributaryStarted(wish: CliWish = {}): Promise<CliProcess & { readonly url: string }> {
  const run = tributary(['start'], wish)
  const url = await eventually(
    () => {
      if (run.child.exitCode !== null) throw new Error(`it ended: ${run.err()}`)
      return /ready at (\S+)/.exec(run.out())?.[1] ?? false
    },
    { timeoutMs: 30_000 },
  )
  return { ...run, url }
}

export async function stopped(run: CliProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
  run.child.kill(signal)
  return run.exited
}
