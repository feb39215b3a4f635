import type { Logger } from 'pino'
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import type { SharedDoor } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { type AddressLimits, addressLimits } from './address-limits.ts'
import { largestRead } from './intake.ts'
import { isOwn } from './letter-of.ts'
import type { ListenSettings } from './settings.ts'

export interface DeliveredMail {
  readonly raw: Buffer
  /** Empty: a report that nobody may answer. */
  readonly mailFrom: string
  readonly recipient: string
  readonly remoteAddress: string
  readonly helo: string
}

/** Resolves once the mail is stored; rejects when it is not, and the sender keeps it. */
export type Accept = (mail: DeliveredMail) => Promise<void>

/** One listening port for all inboxes that share it. */
export interface MailDoor extends SharedDoor {
  /** Mail to this address is handed over until the answered function is called. */
  admit(address: string, accept: Accept): () => void
}

// An inbox that restarts must not make other servers bounce its mail: so long its address is only busy, ms.
const graceMs = 10 * 60_000
// While the program starts, not every inbox is here yet, ms.
const settlingMs = 60_000
// Of all mails being taken in at once, bytes.
const mostHeld = 256 * 1024 * 1024

interface Open {
  readonly limits: AddressLimits
  readonly clock: () => Date
  readonly openedAt: number
  readonly accepts: Map<string, Accept>
  readonly left: Map<string, number>
  held: number
}

export async function openMailDoor(listen: ListenSettings, clock: () => Date, log: Logger): Promise<MailDoor> {
  const { SMTPServer } = await import('smtp-server')
  const limits = addressLimits(clock)
  const open: Open = { limits, clock, openedAt: clock().getTime(), accepts: new Map(), left: new Map(), held: 0 }
  const withTls = listen.cert !== undefined && listen.key !== undefined
  const server = new SMTPServer({
    ...(withTls && { cert: listen.cert, key: listen.key }),
    disabledCommands: withTls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: largestRead,
    maxClients: 200,
    maxRecipients: 100,
    socketTimeout: 60_000,
    closeTimeout: 500,
    logger: false,
    onConnect: ({ remoteAddress }, done) =>
      limits.connect(remoteAddress) ? done() : done(answer(421, '4.7.0 Too many connections from your address')),
    onClose: ({ remoteAddress }) => limits.disconnect(remoteAddress),
    onMailFrom: (_address, { remoteAddress }, done) =>
      limits.mail(remoteAddress) ? done() : done(answer(450, '4.7.1 Too many mails from your address')),
    onRcptTo: ({ address }, _session, done) => done(recipientFault(open, address)),
    onData: (stream, session, done) => {
      take(open, stream, session).then(
        () => done(null, '2.0.0 Stored'),
        (error: unknown) => done(isAnswer(error) ? error : notStored(log, error)),
      )
    },
  })
  await listening(server, listen)
  server.on('error', (error: Error) => log.debug({ error: error.message }, 'a mail connection failed'))
  return {
    admit: (address, accept) => admit(open, address, accept),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listening(server: import('smtp-server').SMTPServer, { host, port }: ListenSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EACCES' ? 'needs more rights' : error.code === 'EADDRINUSE' ? 'is in use' : 'fails'
      const sentence = `Listening for mail on ${host}, port ${port}, ${why}.`
      reject(new ChannelError({ kind: 'unavailable' }, sentence, { cause: error }))
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function admit(open: Open, address: string, accept: Accept): () => void {
  open.accepts.set(address, accept)
  open.left.delete(address)
  return () => {
    if (open.accepts.get(address) !== accept) return
    open.accepts.delete(address)
    open.left.set(address, open.clock().getTime())
  }
}

function recipientFault(open: Open, address: string): Error | null {
  if (acceptOf(open, address)) return null
  const now = open.clock().getTime()
  const away = [...open.left].some(([own, since]) => isOwn(address, own) && now - since < graceMs)
  if (away || now - open.openedAt < settlingMs) return answer(450, '4.3.2 This mailbox is not ready yet, try again')
  return answer(550, '5.1.1 No such mailbox here')
}

function acceptOf(open: Open, address: string): Accept | undefined {
  for (const [own, accept] of open.accepts) if (isOwn(address, own)) return accept
  return undefined
}

async function take(open: Open, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const raw = await collect(open, stream)
  try {
    const { mailFrom, rcptTo } = session.envelope
    // A mail to several inboxes is taken by all or given back; who had it already knows it again.
    for (const { address } of oneForEach(open, rcptTo)) {
      const accept = acceptOf(open, address)
      if (!accept) throw answer(451, '4.3.2 This mailbox is not ready, try again')
      const helo = session.hostNameAppearsAs || 'unknown'
      const from = mailFrom === false ? '' : mailFrom.address
      await accept({ raw, mailFrom: from, recipient: address, remoteAddress: session.remoteAddress, helo })
    }
  } finally {
    open.held -= raw.length
  }
}

function oneForEach(open: Open, recipients: readonly SMTPServerAddress[]): SMTPServerAddress[] {
  return [...new Map(recipients.map((one) => [acceptOf(open, one.address), one])).values()]
}

/** The stream is always read to its end: only then may anything be answered. */
async function collect(open: Open, stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  let crowded = false
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      crowded ||= open.held + chunk.length > mostHeld
      if (crowded || stream.sizeExceeded) continue
      chunks.push(chunk)
      size += chunk.length
      open.held += chunk.length
    }
    if (stream.sizeExceeded) throw answer(552, '5.3.4 The mail is too large')
    if (crowded) throw answer(452, '4.3.1 Too much mail at once, try again')
    return Buffer.concat(chunks, size)
  } catch (error) {
    open.held -= size
    throw error
  }
}

interface Answer extends Error {
  responseCode: number
}

function answer(responseCode: number, message: string): Answer {
  return Object.assign(new Error(message), { responseCode })
}

function isAnswer(error: unknown): error is Answer {
  return error instanceof Error && 'responseCode' in error
}

function notStored(log: Logger, error: unknown): Answer {
  log.warn({ error: String(error) }, 'a mail was not stored and stays with its sender')
  return answer(451, '4.3.0 Not stored, try again')
}
