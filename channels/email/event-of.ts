import { createHash } from 'node:crypto'
import type {
  ChannelEnv,
  InboundEcho,
  InboundEvent,
  InboundMessage,
  InboundReceipt,
  LetterAddress,
  Sender,
  ThreadRef,
} from '../../src/channel/contract.ts'
import { deliveryIdOfMessageId, deliveryIdOfReturn, domainOf, messageIdFor } from './address.ts'
import { isOwn, joinsOf, letterOf, writerOf } from './letter-of.ts'
import type { ReadMail } from './reading/read-mail.ts'
import type { EmailSettings } from './settings.ts'

export interface Arrival {
  readonly folder: 'inbox' | 'sent'
  /** By the clock of the server that took it in. */
  readonly receivedAt: Date
  /** Bytes. */
  readonly size: number
}

export interface MailContext {
  readonly settings: Pick<EmailSettings, 'address' | 'subjectJoins'>
  readonly env: Pick<ChannelEnv, 'sign' | 'inboxId'>
}

export type MailEvent = InboundMessage | InboundEcho | InboundReceipt

/** Pure: what a mail that was read means. Its files are added by whoever keeps them. */
export function eventOf(ctx: MailContext, mail: ReadMail, arrival: Arrival): MailEvent | { readonly ignored: string } {
  const own = ctx.settings.address
  const writer = writerOf(mail, own)
  if (arrival.folder === 'sent') return echoOf(ctx, mail, arrival)
  if (mail.bounce) {
    const receipt = receiptOf(ctx, mail, arrival)
    if (receipt !== null) return receipt
  }
  // Anybody can write our address into "From": only the id that we made says it is ours.
  if (isOwn(writer.address, own)) {
    return deliveryIdOfMessageId(ctx.env, mail.messageId) === null
      ? { ignored: 'own mail' }
      : echoOf(ctx, mail, arrival)
  }
  const joins = joinsOf(mail, own, { env: ctx.env, subjectJoins: ctx.settings.subjectJoins })
  const automatic = mail.automatic || mail.bounce !== null || isOwn(mail.from.address, own) || !namesUs(mail, own)
  return {
    ...common(ctx, mail, arrival),
    ...said(mail, own),
    kind: 'message',
    sender: senderOf(writer, mail),
    ...(automatic && { automatic }),
    ...(mail.byProgram && { byProgram: true }),
    ...(joins.length > 0 && { joins }),
  }
}

function common({ settings }: MailContext, mail: ReadMail, arrival: Arrival) {
  return {
    eventId: mail.eventId,
    thread: threadOf(settings.address, `${mail.from.address.toLowerCase()}\n${mail.eventId}`),
    occurredAt: arrival.receivedAt,
    raw: { messageId: mail.messageId, folder: arrival.folder, size: arrival.size },
    externalId: mail.messageId,
  }
}

/** A thread of its own: not by Message-ID alone, which anybody may copy to write into a conversation of others. */
export function threadOf(place: string, seed: string): ThreadRef {
  const key = createHash('sha256').update(seed).digest('hex').slice(0, 20)
  return { key, kind: 'mail', audience: 'private', place }
}

function said(mail: ReadMail, own: string) {
  const [replyTo] = mail.inReplyTo
  return {
    text: mail.text,
    ...(mail.fullText !== mail.text && { fullText: mail.fullText }),
    ...(mail.html !== null && { html: mail.html }),
    ...(mail.subject !== '' && { subject: mail.subject }),
    ...(replyTo !== undefined && { replyTo }),
    letter: letterOf(mail, own),
  }
}

export function addressee({ address, name }: LetterAddress, verified = false): Sender {
  const key = address.toLowerCase()
  return { key, ...(name !== '' && { name }), email: { address: key, verified } }
}

/** Verified only where a server of the operator's own found "From" to be true. */
function senderOf(writer: LetterAddress, mail: ReadMail): Sender {
  // Whoever gives no address is nobody else either.
  if (writer.address === '') return { key: `nobody:${mail.eventId}`, ...(writer.name !== '' && { name: writer.name }) }
  const verified = mail.authentication?.dmarc === 'pass' && writer === mail.from
  return { ...addressee(writer, verified), ...(verified && { verifiedBy: 'dmarc' }) }
}

function namesUs(mail: ReadMail, own: string): boolean {
  return [...mail.to, ...mail.cc].some(({ address }) => isOwn(address, own))
}

function echoOf(ctx: MailContext, mail: ReadMail, arrival: Arrival): InboundEcho {
  const own = ctx.settings.address
  const deliveryId = deliveryIdOfMessageId(ctx.env, mail.messageId)
  const joins = joinsOf(mail, own, { env: ctx.env, subjectJoins: false })
  return {
    ...common(ctx, mail, arrival),
    // The same letter may lie in both folders.
    eventId: `${arrival.folder}:${mail.eventId}`,
    ...said(mail, own),
    kind: 'echo',
    addressees: [...mail.to, ...mail.cc]
      .filter(({ address }) => address !== '' && !isOwn(address, own))
      .map((to) => addressee(to)),
    ...(deliveryId === null ? { ...(joins.length > 0 && { joins }) } : { deliveryId }),
  }
}

/** Of the keys a report gives back only those count that nobody else could have made. null: it is of nothing of ours. */
function receiptOf(ctx: MailContext, mail: ReadMail, arrival: Arrival): MailEvent | { ignored: string } | null {
  const { env, settings } = ctx
  const reports = mail.bounce ?? []
  const known = [
    ...mail.recipients.map((address) => deliveryIdOfReturn(env, address)),
    ...reports.map(({ envelopeId }) => (envelopeId === null ? null : deliveryIdOfEnvelope(env, envelopeId))),
    ...reports.map(({ originalMessageId: id }) => (id === null ? null : deliveryIdOfMessageId(env, id))),
  ]
  const deliveryId = known.find((id) => id !== null) ?? null
  if (deliveryId === null) return null
  const report =
    reports.find(({ action }) => action === 'failed') ??
    // A complaint; "relayed" and "expanded" are other words too, and have a status of success.
    reports.find(({ action, status }) => action === 'other' && !status.startsWith('2')) ??
    reports.find(({ action }) => action === 'delayed')
  if (!report) return { ignored: 'a report that nothing went wrong' }
  const refused = reports.filter(({ action, recipient }) => action === 'failed' && recipient !== '')
  return {
    ...common(ctx, mail, arrival),
    kind: 'receipt',
    receipt: report.action === 'delayed' ? 'delayed' : 'bounced',
    externalId: messageIdFor(env, deliveryId, domainOf(settings.address)),
    deliveryId,
    reason: reasonOf(report),
    refused: refused.map((one) => ({ recipient: one.recipient, reason: reasonOf(one) })),
  }
}

/** As `messageIdFor` makes it, without brackets and domain. */
function deliveryIdOfEnvelope(env: MailContext['env'], envelopeId: string): string | null {
  return deliveryIdOfMessageId(env, `<${envelopeId.replace(/@.*$/, '')}@envelope>`)
}

function reasonOf({ recipient, status, diagnostic, action }: NonNullable<ReadMail['bounce']>[number]): string {
  const words = (diagnostic === '' ? status : diagnostic).replace(/\s+/g, ' ').trim()
  const what = action === 'other' && words === '' ? 'reported as unwanted' : words
  return [recipient, what]
    .filter((part) => part !== '')
    .join(': ')
    .slice(0, 500)
}

/** What could not be read is shown as such, with the mail itself beside it: silence would be a loss. */
export function unreadableEvent(place: string, raw: Buffer, arrival: Arrival): InboundEvent & { kind: 'message' } {
  const hash = createHash('sha256').update(raw).digest('hex')
  const head =
    raw
      .subarray(0, 65_536)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? ''
  const from = /^from:[^\r\n]*?([\w.+-]{1,64}@[\w.-]{1,190})/im.exec(head)?.[1]?.toLowerCase()
  return {
    kind: 'message',
    eventId: `unreadable:${hash}`,
    thread: threadOf(place, hash),
    occurredAt: arrival.receivedAt,
    raw: { folder: arrival.folder, size: arrival.size, unreadable: true },
    externalId: `<${hash}@unreadable>`,
    sender: from === undefined ? { key: `nobody:${hash}` } : addressee({ address: from, name: '' }),
    text: 'This mail could not be shown. It is attached as it came.',
    automatic: true,
  }
}
