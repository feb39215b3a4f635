import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ReadMail, ReadWish } from './read-mail.ts'

export interface ReaderTask {
  readonly raw: Uint8Array<ArrayBuffer>
  /** False: it was cut off. */
  readonly whole: boolean
  readonly wish: ReadWish
}
export type ReaderAnswer = { readonly mail: ReadMail } | { readonly fault: string }

/** It was given up; the next mail is read as if nothing had been. */
export class MailUnreadable extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`the mail cannot be read: ${reason}`)
    this.name = 'MailUnreadable'
    this.reason = reason
  }
}

// Four times the largest mail and 64 MB; bytes of files lie outside it and cannot be more than the mail has.
const resourceLimits = { maxOldGenerationSizeMb: 208, maxYoungGenerationSizeMb: 16, stackSizeMb: 2 }
/** A machine that gives us no time at all is not waited for longer than this many limits. */
const patience = 5

export async function startWorker(): Promise<Worker> {
  // Tests run the sources, which Node 20 does not take as they are.
  const sources = import.meta.url.endsWith('.ts')
  const file = new URL(sources ? './reader-worker.ts' : './reader-worker.js', import.meta.url)
  const loader = new URL('../../../bin/run-sources.js', import.meta.url).href
  const worker = new Worker(file, { execArgv: sources ? ['--import', loader] : [], resourceLimits })
  await once(worker, 'message')
  worker.unref()
  return worker
}

/** One mail. Rejects when the thread ended, having made sure that it did; `MailUnreadable` when the mail is to blame. */
export async function ask(worker: Worker, task: ReaderTask, limitMs: number): Promise<ReaderAnswer> {
  const over = new AbortController()
  worker.ref()
  const failed = (error: Error) => over.abort(new MailUnreadable(reasonOf(error)))
  const ended = () => over.abort(new Error('the reader of mail was closed'))
  worker.on('error', failed).on('exit', ended)
  try {
    const answered = once(worker, 'message', { signal: over.signal })
    watch(over, limitMs)
    worker.postMessage(task, [task.raw.buffer])
    const [answer] = (await answered) as [ReaderAnswer]
    return answer
  } catch (error) {
    await worker.terminate()
    throw over.signal.reason ?? error
  } finally {
    over.abort()
    worker.off('error', failed).off('exit', ended)
    worker.unref()
  }
}

/** Time that other programs took from us does not count against the mail, so the clock is of the processor. */
function watch(over: AbortController, limitMs: number): void {
  const start = performance.now()
  const before = process.cpuUsage()
  const check = () => {
    const { user, system } = process.cpuUsage(before)
    const left = limitMs - (user + system) / 1_000
    if (left <= 0 || performance.now() - start >= patience * limitMs)
      return over.abort(new MailUnreadable(`it takes longer than ${limitMs} ms`))
    timer = setTimeout(check, Math.max(left / 2, 10))
  }
  let timer = setTimeout(check, limitMs)
  over.signal.addEventListener('abort', () => clearTimeout(timer))
}

function reasonOf(error: Error): string {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : error.message
}
