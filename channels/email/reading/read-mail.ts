import type { Worker } from 'node:worker_threads'
import type { Letter, LetterAddress, LetterAuthentication } from '../../../src/channel/letter.ts'
import { ask, MailUnreadable, startWorker } from './reader-thread.ts'

/** What a mail says; survives being handed from one thread to another. */
export interface ReadMail {
  /** `<…>`; made of the mail's hash where it has none. */
  readonly messageId: string
  readonly subject: string
  /** RFC 3339; null where it has none that can be true. */
  readonly date: string | null
  /** Empty strings where nobody is named. */
  readonly from: LetterAddress
  readonly to: readonly LetterAddress[]
  readonly cc: readonly LetterAddress[]
  readonly replyTo: readonly LetterAddress[]
  readonly inReplyTo: readonly string[]
  /** Oldest first. */
  readonly references: readonly string[]
  /** Every address of To, Cc, Delivered-To, X-Original-To and Envelope-To, lower case, plus parts kept. */
  readonly recipients: readonly string[]
  /** What is new; all of it where that cannot be told. */
  readonly text: string
  readonly fullText: string
  /** Sanitised; remote pictures in `data-remote`, its own in `data-cid`. */
  readonly html: string | null
  readonly attachments: readonly MailFile[]
  /** Files that stay in the raw mail only: it is too large, or has too many. */
  readonly omitted: number
  readonly automatic: boolean
  /** No person wrote it; narrower than `automatic`. */
  readonly byProgram: boolean
  readonly automaticReason: string | null
  readonly bounce: readonly BounceReport[] | null
  readonly authentication: LetterAuthentication | undefined
  readonly protection: Letter['protection']
  readonly listId: string | null
  /** The same for every copy of this mail that a server hands out. */
  readonly eventId: string
}
export interface MailFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
  readonly inline: boolean
  readonly cid: string | null
}
export interface BounceReport {
  readonly action: 'failed' | 'delayed' | 'delivered' | 'other'
  readonly recipient: string
  readonly status: string
  readonly diagnostic: string
  readonly envelopeId: string | null
  readonly originalMessageId: string | null
}
export interface ReadWish {
  /** Whose Authentication-Results to believe; absent: nobody's. */
  readonly authservId?: string
}
export interface MailReader {
  read(raw: Buffer, wish: ReadWish): Promise<ReadMail>
  close(): Promise<void>
}

export { MailUnreadable }

/** Longer ones are read up to here: their words count, their files stay in the raw mail. Bytes. */
const MAX_RAW = 36 * 1024 * 1024

/** One mail at a time, in a thread that is started when needed and goes when it had nothing to do for a while. */
export function createMailReader({ limitMs = 1_000, idleMs = 30_000 } = {}): MailReader {
  let worker: Promise<Worker> | null = null
  let turn: Promise<unknown> = Promise.resolve()
  let rest: NodeJS.Timeout | undefined
  let closed = false

  const stop = async () => {
    clearTimeout(rest)
    const old = worker
    worker = null
    await (await old?.catch(() => null))?.terminate()
  }
  const readNext = async (raw: Buffer, wish: ReadWish): Promise<ReadMail> => {
    if (closed) throw new Error('the reader of mail was closed')
    clearTimeout(rest)
    worker ??= startWorker()
    // Its own bytes: handed over as it is, a mail would take along everything that lies in the same buffer.
    const task = { raw: new Uint8Array(raw.subarray(0, MAX_RAW)), whole: raw.length <= MAX_RAW, wish }
    const answer = await worker
      .then((running) => ask(running, task, limitMs))
      .catch(async (error: unknown) => {
        await stop()
        throw error
      })
    rest = setTimeout(() => void stop(), idleMs).unref()
    if ('mail' in answer) return answer.mail
    throw new MailUnreadable(answer.fault)
  }
  return {
    read: (raw, wish) => {
      const mine = turn.then(() => readNext(raw, wish))
      turn = mine.catch(() => {})
      return mine
    },
    close: async () => {
      closed = true
      await stop()
    },
  }
}
