import { type Api, ApiError } from './api.ts'
import type { Queue } from './queue.ts'
import type { Session } from './session.ts'
import type { Message, QueuedMessage } from './types.ts'

export interface SenderEvents {
  /** The queue is not what it was. */
  onChange(): void
  onProgress(clientId: string, share: number): void
  onSent(message: Message): void
}

export interface Sender {
  /** Something may be waiting, or the network may be back: try at once. */
  wake(): void
  stop(): void
}

interface Parts extends SenderEvents {
  readonly api: Api
  readonly queue: Queue
  readonly session: Session
  readonly lockName: string
}

/** Sends what waits, strictly in order, one at a time and from one tab, until the server has acknowledged it. */
export function startSender(parts: Parts): Sender {
  let running = false
  let again = false
  let stopped = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(): Promise<void> {
    if (running) {
      again = true
      return
    }
    running = true
    clearTimeout(timer)
    try {
      do {
        again = false
        // The lock is given back between two messages and while waiting, so a sleeping tab holds up no other.
        while (!stopped && (await alone(parts.lockName, () => sendOldest(parts)))) failures = 0
      } while (again && !stopped)
    } catch (error) {
      failures += 1
      timer = setTimeout(run, backOff(failures, error instanceof ApiError ? error.retryAfter : 0))
    } finally {
      running = false
    }
  }

  return {
    wake: () => void run(),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** 1, 2, 4 … 30 s, each a little different, so that a thousand pages do not come back in one second. */
function backOff(failures: number, asked: number): number {
  const wait = Math.min(30_000, 1000 * 2 ** (failures - 1))
  return Math.max(asked, wait * (0.75 + Math.random() / 2))
}

async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Without locks two tabs may both send it; the server keeps one, by its client id.
  return navigator.locks ? navigator.locks.request(name, work) : work()
}

/** False: nothing waits. Throws when it could not be sent for now. */
async function sendOldest(parts: Parts): Promise<boolean> {
  const visitor = parts.session.visitor()
  const waiting = await parts.queue.all()
  const oldest = waiting.find((message) => message.failed === undefined)
  if (!oldest) return false
  let sent: Message
  try {
    sent = await sendOne(parts, oldest, visitor)
  } catch (error) {
    if (parts.session.visitor() !== visitor) return true
    if (!(error instanceof ApiError)) throw error
    if (error.status === 401) await forgetSession(parts, waiting)
    if (error.passing || error.status === 401) throw error
    await parts.queue.put({ ...oldest, failed: error.message })
    parts.onChange()
    return true
  }
  await parts.queue.remove(oldest.clientId)
  if (parts.session.visitor() === visitor) parts.onSent(sent)
  return true
}

async function sendOne(parts: Parts, message: QueuedMessage, visitor: number): Promise<Message> {
  const { api, queue, session } = parts
  // Nobody's words go out, or wait here, as another visitor's.
  const stay = (): void => {
    if (session.visitor() !== visitor) throw new ApiError(0, 'Signed out.')
  }
  stay()
  const token = await session.ensure()
  stay()
  let current = message
  for (const file of message.files) {
    if (file.fileId) continue
    const share = (done: number): void => parts.onProgress(message.clientId, done)
    const fileId = await api.upload(token, file, share)
    stay()
    const files = current.files.map((other) => (other.key === file.key ? { ...other, fileId } : other))
    current = { ...current, files }
    // Kept, so that a reload does not upload it again.
    await queue.put(current)
  }
  const attachments = current.files.flatMap((file) => file.fileId ?? [])
  return api.send(token, { clientId: current.clientId, text: current.text, attachments })
}

/** Uploads belong to the token that made them, so they are made again under the next one. */
async function forgetSession({ queue, session }: Parts, waiting: readonly QueuedMessage[]): Promise<void> {
  session.drop()
  for (const message of waiting) {
    const files = message.files.map(({ fileId: _, ...file }) => file)
    if (files.length > 0) await queue.put({ ...message, files })
  }
}
