import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, isReady } from '../support/app-process.ts'
import { checkout } from './place.ts'

export interface Started {
  readonly pid: number
  /** From spawn to the first 200 of /readyz, ms. */
  readonly readyMs: number
  stop(): Promise<void>
}

const patienceMs = 60_000

/** `tributary start` as `npm start` runs it, in an environment of its own. */
export async function startProgram(env: Readonly<Record<string, string>>): Promise<Started> {
  const port = await freePort()
  const { PATH = '', HOME = '' } = process.env
  const begin = performance.now()
  const child = spawn(process.execPath, ['--max-semi-space-size=8', join(checkout(), 'bin/tributary.js'), 'start'], {
    cwd: checkout(),
    env: { PATH, HOME, MALLOC_MMAP_THRESHOLD_: '131072', LOG_LEVEL: 'error', PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
  await ready(child, `http://127.0.0.1:${port}`, begin).catch((error: Error) => {
    throw new Error(`${error.message}\n${Buffer.concat(said)}`, { cause: error })
  })
  const readyMs = performance.now() - begin
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
  }
  return { pid: child.pid ?? 0, readyMs, stop }
}

async function ready(child: ChildProcess, url: string, begin: number): Promise<void> {
  while (performance.now() - begin < patienceMs) {
    if (child.exitCode !== null) throw new Error(`tributary start ended with ${child.exitCode}`)
    if (await isReady(url)) return
    await pause(10)
  }
  child.kill('SIGKILL')
  throw new Error(`tributary start was not ready within ${patienceMs} ms`)
}

/** A folder that the database's account can reach, gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-start-'))
  chmodSync(folder, 0o711)
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
