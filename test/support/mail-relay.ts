import { setTimeout as pause } from 'node:timers/promises'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

/** Another mail server, as it stands at the other end: it keeps every mail until it was taken, and hands them over in order. */
export interface MailRelay {
  /** Raw mail with CR LF lines. */
  queue(mail: Mail): void
  /** Mails that were answered with 250. */
  readonly taken: number
  /** Refused for good, with what was said. */
  readonly refused: readonly string[]
  /** Closes the connection it keeps between mails. */
  dropIdle(): void
  close(): void
}

export interface Mail {
  readonly from: string
  readonly to: string
  readonly raw: string | Buffer
}

interface Refusal extends Error {
  readonly responseCode?: number
}

const againMs = 20

export function mailRelay(port: number): MailRelay {
  const waiting: Mail[] = []
  const refused: string[] = []
  let taken = 0
  let running = false
  let closed = false
  let open: SMTPConnection | undefined

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0 && !closed) {
      try {
        open = open && !open.destroyed ? open : await connected(port)
        await handOver(open, waiting[0]!)
        taken += 1
        waiting.shift()
      } catch (error) {
        open?.close()
        open = undefined
        const { responseCode = 0, message } = error as Refusal
        if (responseCode >= 500) refused.push(`${message} ${waiting.shift()?.from}`)
        else await pause(againMs)
      }
    }
    running = false
  }

  return {
    queue: (mail) => {
      waiting.push(mail)
      if (!running) void run()
    },
    get taken() {
      return taken
    },
    refused,
    dropIdle: () => {
      if (!running) open?.close()
    },
    close: () => {
      closed = true
      open?.close()
    },
  }
}

function connected(port: number): Promise<SMTPConnection> {
  const options = { host: '127.0.0.1', port, secure: false, ignoreTLS: true, socketCloseTimeout: 0 }
  const connection = new SMTPConnection(options)
  return new Promise((resolve, reject) => {
    connection.on('error', reject)
    connection.connect((error?: Error | null) => (error ? reject(error) : resolve(connection)))
  })
}

function handOver(connection: SMTPConnection, { from, to, raw }: Mail): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('end', () => setImmediate(() => reject(new Error('the connection ended'))))
    connection.send({ from, to: [to] }, raw, (error) => (error ? reject(error) : resolve()))
  })
}
