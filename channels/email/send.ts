import { Readable } from 'node:stream'
import { domainToASCII } from 'node:url'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection'
import type { ChannelEnv, RefusedRecipient, SendReceipt, SendRequest } from '../../src/channel/contract.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import { domainOf } from './address.ts'
import { type Composed, compose } from './compose.ts'
import { answerOf, sendError } from './errors.ts'
import type { EmailSettings } from './settings.ts'
import { type SmtpAccount, withSmtp } from './smtp-session.ts'

export interface Outgoing {
  readonly settings: EmailSettings
  readonly env: Pick<ChannelEnv, 'sign' | 'clock' | 'log' | 'inboxId'>
  readonly account: SmtpAccount
}

export async function sendMail(out: Outgoing, request: SendRequest, signal: AbortSignal): Promise<SendReceipt> {
  const letter = await composed(out, request)
  let handedOver = false
  const body = inPieces(letter.bytes, (taken) => {
    // Read for the first time after the server's 354: what fails before that was not sent.
    handedOver = true
    request.alive?.(Math.min(taken, mostOnTheWay) / slowestLine)
  })
  try {
    const info = await withSmtp(out.account, signal, (connection) => transmit(connection, letter, body))
    const refused = refusedOf(info)
    return { externalId: letter.messageId, ...(refused.length > 0 && { refused }) }
  } catch (error) {
    throw sendError(error, handedOver)
  }
}

const pieceBytes = 65_536
// What was taken from us may still lie in buffers, of this machine (tcp_wmem) and of the line: until they are empty nobody says
// anything. Bytes; bytes a millisecond.
const mostOnTheWay = 4 * 1024 * 1024
const slowestLine = 32

/** `asked` is told how much went before, each time that more is wanted. */
function inPieces(bytes: Buffer, asked: (taken: number) => void): Readable {
  let at = 0
  return new Readable({
    read() {
      asked(at)
      const piece = bytes.subarray(at, at + pieceBytes)
      at += piece.length
      this.push(piece.length > 0 ? piece : null)
    },
  })
}

/** Signs in and leaves. */
export async function checkSmtp(account: SmtpAccount, signal: AbortSignal): Promise<void> {
  try {
    await withSmtp(account, signal, async () => {})
  } catch (error) {
    throw sendError(error, false)
  }
}

async function composed(out: Outgoing, request: SendRequest): Promise<Composed> {
  try {
    const letter = await compose(request, out, { keepBcc: false })
    if (letter.to.length > 0) return letter
  } catch (error) {
    if (error instanceof ChannelError) throw error
    const why = error instanceof Error ? error.message : String(error)
    out.env.log.warn({ event: 'mail.notComposed', inbox: out.env.inboxId, delivery: request.deliveryId, why })
    // Nothing has left: a file that cannot be read now may be readable later.
    throw new ChannelError({ kind: 'unavailable' }, 'A file of this mail could not be read.')
  }
  throw new ChannelError({ kind: 'rejected', reason: 'other' }, 'Nobody is named to send this to.')
}

function transmit(connection: SMTPConnection, letter: Composed, body: Readable): Promise<SMTPConnectionSendInfo> {
  const envelope = {
    from: ascii(letter.from),
    to: letter.to.map(ascii),
    size: letter.bytes.length,
    // With its HMAC: a report that names a delivery by its number alone could come from anybody.
    dsn: { id: envelopeIdOf(letter.messageId), return: 'headers', notify: ['failure', 'delay'] },
  }
  return new Promise((resolve, reject) => {
    connection.send(envelope, body, (error, info) => (error ? reject(error) : resolve(info)))
  })
}

function envelopeIdOf(messageId: string): string {
  return messageId.slice(1, messageId.lastIndexOf('@'))
}

function ascii(address: string): string {
  const domain = domainOf(address)
  return `${address.slice(0, -domain.length)}${domainToASCII(domain) || domain}`
}

/** The server took it for the others, so it is sent, and must not be sent to them again. */
function refusedOf({ rejectedErrors = [] }: SMTPConnectionSendInfo): RefusedRecipient[] {
  return rejectedErrors.map((error) => ({ recipient: error.recipient ?? '', reason: answerOf(error)?.said ?? '' }))
}
