import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CliProcess, checkout, stopped, tributaryStarted } from './cli-process.ts'
import type { TestDatabase } from './database.ts'
import { urlOf } from './database-target.ts'
import { freePort } from './free-port.ts'

/** The built program as it is installed, stopped and started again at one address. */
export interface MailApp {
  readonly url: string
  /** Of an administrator. */
  readonly token: string
  /** Of the process that runs now. */
  pid(): number
  start(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
  /** For good. */
  close(): Promise<void>
}

const asNpmStart = [process.execPath, '--max-semi-space-size=8', `${checkout}bin/tributary.js`]

export async function mailApp({ target }: TestDatabase): Promise<MailApp> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-desk-'))
  const port = await freePort()
  const token = randomBytes(24).toString('hex')
  const env = {
    MALLOC_MMAP_THRESHOLD_: '131072',
    PORT: String(port),
    API_TOKEN: token,
    DATA_DIR: folder,
    DATABASE_URL: urlOf(target),
    // Pictures of mails come from a server of the test's own.
    OUTBOUND_ALLOW: '127.0.0.1',
  }
  let run: CliProcess | undefined
  const stop = async (signal?: NodeJS.Signals) => {
    if (run) await stopped(run, signal)
    run = undefined
  }
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    pid: () => run?.child.pid ?? 0,
    start: async () => {
      run = await tributaryStarted({ env, command: asNpmStart, outlivesTest: true })
    },
    stop,
    close: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
